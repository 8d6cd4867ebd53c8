import type { TestingModule } from '@nestjs/testing';
import { ALL_TEAMS, canSee, type Principal, PUBLIC_ONLY, VISIBILITIES } from '#libs/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayReader } from '../../src/registry/gateways/gateway-reader.js';
import { GatewayRegistration } from '../../src/registry/gateways/gateway-registration.js';
import { PromptEntity } from '../../src/registry/items/prompt.entity.js';
import { ToolEntity } from '../../src/registry/items/tool.entity.js';
import { ServerPrompt, ServerTool } from '../../src/registry/servers/server-associations.entity.js';
import { ServerReader } from '../../src/registry/servers/server-reader.js';
import { ServerEntity } from '../../src/registry/servers/server.entity.js';
import { ListQueryDto } from '../../src/registry/rows/dto/list-query.dto.js';
import { memberOf, narrowedTo, somebody } from '../fixtures/principals.js';
import { serverPart } from '../fixtures/registry/catalog-parts.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { openRegistry } from '../fixtures/registry/open-registry.js';
import { onEveryDatabase } from './on-every-database.js';

const ANN = 'ann@example.com';
// What a loose comparison would take for Ann.
const LIKE_ANN = ['ANN@example.com', 'ánn@example.com', 'ann@example.com '];
const OWNERS = [ANN, 'bob@example.com', ...LIKE_ANN, null];
const TEAMS = ['red', 'blue', 'RED', null];

let count = 0;
const ROWS: ServerEntity[] = [1, 2, 3].flatMap((generation) =>
  VISIBILITIES.flatMap((visibility) =>
    OWNERS.flatMap((ownerEmail) =>
      TEAMS.map((teamId) => {
        count += 1;
        const { row } = serverPart([], {
          visibility,
          ownerEmail,
          teamId,
          id: count.toString(16).padStart(32, '0'),
          name: `server ${count}`,
          // Many of the same millisecond: the cursor has to tell them apart by their ids.
          createdAt: new Date(1_763_800_000_000 + generation),
          tags: count % 5 === 0 ? ['every-fifth', 'shared'] : ['shared'],
          enabled: count % 7 !== 0,
        });
        return row;
      }),
    ),
  ),
);

const PRINCIPALS: readonly (readonly [string, Principal])[] = [
  ['an administrator', somebody(ANN, ALL_TEAMS, { isAdmin: true })],
  ['a public-only token', somebody(ANN, PUBLIC_ONLY)],
  ['a member of red', somebody(ANN, memberOf('red'))],
  ['a member of nothing', somebody(ANN, memberOf())],
  ['a token narrowed to red', somebody(ANN, narrowedTo('red'))],
  ['a token narrowed to red and blue', somebody(ANN, narrowedTo('red', 'blue'))],
];

const query = (more: Partial<ListQueryDto>): ListQueryDto => Object.assign(new ListQueryDto(), more);

describe('the pages of a registry list', () => {
  onEveryDatabase((database) => {
    let registry: TestingModule;

    /** All pages, each but the last of which must be full. */
    async function walk(principal: Principal, filter: Partial<ListQueryDto>): Promise<string[]> {
      const limit = filter.limit ?? 7;
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await registry
          .get(ServerReader)
          .list(principal, query({ limit, ...filter, ...(cursor && { cursor }) }));
        if (page.nextCursor !== undefined) expect(page.rows).toHaveLength(limit);
        found.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return found;
    }

    const expected = (principal: Principal, also: (row: ServerEntity) => boolean): string[] =>
      ROWS.filter((row) => canSee(principal, row) && also(row))
        .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
        .map(({ id }) => id);

    beforeAll(async () => {
      registry = await openRegistry(database.dataSource);
      await database.dataSource.manager.insert(ServerEntity, ROWS);
    });
    afterAll(() => registry.close());

    it.each(PRINCIPALS)('are full and complete for %s', async (_, principal) => {
      expect(await walk(principal, { include_inactive: true })).toEqual(expected(principal, () => true));
      expect(await walk(principal, {})).toEqual(expected(principal, ({ enabled }) => enabled));
    });

    it('are filtered by tag, visibility and team', async () => {
      const [, principal] = PRINCIPALS[0] as (typeof PRINCIPALS)[number];
      const all = { include_inactive: true } as const;
      const fifth = expected(principal, ({ tags }) => tags.includes('every-fifth'));
      expect(await walk(principal, { ...all, tags: 'Every Fifth,no-such-tag' })).toEqual(fifth);
      expect(await walk(principal, { ...all, tags: 'fifth' })).toEqual([]);
      expect(await walk(principal, { ...all, tags: '%' })).toEqual([]);
      const team = expected(principal, ({ visibility }) => visibility === 'team');
      expect(await walk(principal, { ...all, visibility: 'team' })).toEqual(team);
      const red = expected(principal, ({ teamId }) => teamId === 'red');
      expect(await walk(principal, { ...all, team_id: 'red' })).toEqual(red);
    });

    it('are of one gateway, as far as what servers offer of it may be seen', async () => {
      const upstream = await GrowingUpstream.start({ tools: [tool('run')], prompts: [{ name: 'ask' }] });
      const ann = somebody(ANN, memberOf('red'));
      const wish = { name: 'Counted', url: upstream.url, visibility: 'team', teamId: 'red' } as const;
      const { id } = await registry.get(GatewayRegistration).register(ann, wish);
      await upstream.close();
      const { manager } = database.dataSource;
      const item = await manager.findOneByOrFail(ToolEntity, { gatewayId: id });
      const prompt = await manager.findOneByOrFail(PromptEntity, { gatewayId: id });
      const open = ROWS.filter(({ visibility, enabled }) => visibility === 'public' && enabled).slice(0, 10);
      for (const server of open) {
        await manager.insert(ServerTool, { serverId: server.id, itemId: item.id });
        await manager.insert(ServerPrompt, { serverId: server.id, itemId: prompt.id });
      }
      const holders = open.map((row) => row.id).sort();
      expect((await walk(ann, { gateway_id: id })).sort()).toEqual(holders);
      for (const teams of [memberOf(), memberOf('blue'), PUBLIC_ONLY])
        expect(await walk(somebody(ANN, teams), { gateway_id: id })).toEqual([]);
      expect(await walk(ann, { gateway_id: 'f'.repeat(32) })).toEqual([]);
      const gateways = await registry.get(GatewayReader).list(ann, query({ gateway_id: id }));
      expect(gateways.rows.map((row) => row.id)).toEqual([id]);
    });

    it('end exactly where the rows do', async () => {
      const [, principal] = PRINCIPALS[0] as (typeof PRINCIPALS)[number];
      const all = expected(principal, () => true);
      const page = await registry
        .get(ServerReader)
        .list(principal, query({ limit: all.length, include_inactive: true }));
      expect(page.rows).toHaveLength(all.length);
      expect(page.nextCursor).toBeUndefined();
    });
  });
});
