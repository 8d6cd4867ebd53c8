import type { TestingModule } from '@nestjs/testing';
import { ALL_TEAMS, canSee, type Principal, PUBLIC_ONLY, VISIBILITIES } from '#libs/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRegistration } from '../../src/registry/gateways/gateway-registration.js';
import { ToolEntity } from '../../src/registry/items/tool.entity.js';
import { ServerEntity } from '../../src/registry/servers/server.entity.js';
import type { TagListQueryDto } from '../../src/registry/tags/dto/tag-query.dto.js';
import { TagReader } from '../../src/registry/tags/tag-reader.js';
import { holding, memberOf, narrowedTo, somebody } from '../fixtures/principals.js';
import { serverPart } from '../fixtures/registry/catalog-parts.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { openRegistry } from '../fixtures/registry/open-registry.js';
import { onEveryDatabase } from './on-every-database.js';

const ANN = 'ann@example.com';
let count = 0;
const ROWS: ServerEntity[] = VISIBILITIES.flatMap((visibility) =>
  [ANN, 'bob@example.com', null].flatMap((ownerEmail) =>
    ['red', 'blue', null].flatMap((teamId) =>
      [true, false].map((enabled) => {
        count += 1;
        const own = `tag-${visibility}-${teamId ?? 'none'}-${ownerEmail?.slice(0, 3) ?? 'nobody'}`;
        const tags = [own, 'shared'];
        const id = count.toString(16).padStart(32, '0');
        return serverPart([], { id, visibility, ownerEmail, teamId, enabled, tags, name: `server ${count}` }).row;
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
  ['somebody without servers.read', somebody(ANN, memberOf('red'), { grants: holding('tags.read', 'tools.read') })],
];
const EVERYTHING: TagListQueryDto = { include_entities: true };

describe('the tags of the registry', () => {
  onEveryDatabase((database) => {
    let registry: TestingModule;
    let upstream: GrowingUpstream;
    const tags = () => registry.get(TagReader);

    beforeAll(async () => {
      registry = await openRegistry(database.dataSource);
      upstream = await GrowingUpstream.start({ tools: [tool('run', 'Runs.')] });
      await database.dataSource.manager.insert(ServerEntity, [...ROWS, serverPart([], { tags: [], name: 'bare' }).row]);
    });
    afterAll(async () => {
      await registry.close();
      await upstream.close();
    });

    it.each(PRINCIPALS)('count for %s just what may be seen', async (_, principal) => {
      const seen = ROWS.filter(
        (row) => row.enabled && canSee(principal, row) && principal.grants.anywhere.has('servers.read'),
      );
      const names = new Set(seen.flatMap((row) => row.tags));
      const listed = await tags().list(principal, EVERYTHING);
      expect(listed.map(({ name }) => name)).toEqual([...names].sort());
      for (const { name, stats, entities } of listed) {
        const carriers = seen.filter((row) => row.tags.includes(name));
        expect(stats).toEqual({
          tools: 0,
          resources: 0,
          prompts: 0,
          gateways: 0,
          servers: carriers.length,
          total: carriers.length,
        });
        expect(entities.map(({ id }) => id).sort()).toEqual(carriers.map(({ id }) => id).sort());
        expect((await tags().entities(principal, name, {})).map(({ id }) => id).sort()).toEqual(
          carriers.map(({ id }) => id).sort(),
        );
      }
      const hidden = ROWS.flatMap((row) => row.tags).filter((tag) => !names.has(tag));
      for (const tag of hidden) expect(await tags().entities(principal, tag, {})).toEqual([]);
      expect((await tags().list(principal, { include_entities: false })).flatMap(({ entities }) => entities)).toEqual(
        [],
      );
    });

    it('name what carries them, of every kind, however a tag is spelled', async () => {
      const ann = somebody(ANN, memberOf('red'));
      const body = { name: 'Clock', url: upstream.url, description: 'Tells the time.', tags: ['of-time'] };
      const gateway = await registry.get(GatewayRegistration).register(ann, body);
      await database.dataSource.manager.update(ToolEntity, { gatewayId: gateway.id }, { tags: ['of-time'] });
      const entities = await tags().entities(ann, ' Of Time', {});
      expect(entities).toEqual([
        { id: expect.any(String), name: 'clock-run', type: 'tool', description: 'Runs.' },
        { id: gateway.id, name: 'Clock', type: 'gateway', description: 'Tells the time.' },
      ]);
      expect(await tags().entities(ann, 'of-time', { entity_types: ['gateways', 'gateways'] })).toEqual([entities[1]]);
      const [one] = await tags().list(ann, { include_entities: false, entity_types: ['tools'] });
      expect(one).toMatchObject({ name: 'of-time', stats: { tools: 1, gateways: 0, total: 1 } });
      expect(await tags().entities(ann, 'of', {})).toEqual([]);
      expect(await tags().entities(ann, '%', {})).toEqual([]);
    });

    it('count beyond one page', async () => {
      const many = Array.from({ length: 1001 }, (_, index) => {
        const id = (10_000 + index).toString(16).padStart(32, '0');
        return serverPart([], { id, name: `many ${index}`, tags: ['many'] }).row;
      });
      for (let at = 0; at < many.length; at += 200)
        await database.dataSource.manager.insert(ServerEntity, many.slice(at, at + 200));
      const [listed] = (await tags().list(somebody(ANN, memberOf()), EVERYTHING)).filter(({ name }) => name === 'many');
      expect([listed?.stats.servers, listed?.entities.length]).toEqual([1001, 100]);
      expect(await tags().entities(somebody(ANN, memberOf()), 'many', {})).toHaveLength(500);
    });
  });
});
