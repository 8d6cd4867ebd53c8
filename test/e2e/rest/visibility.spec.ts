import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Visibility } from '#libs/policy';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { ChangeBus } from '../../../src/changes/change-bus.js';
import { CatalogService } from '../../../src/registry/catalog/catalog.service.js';
import { GatewayEntity } from '../../../src/registry/gateways/gateway.entity.js';
import { PromptEntity } from '../../../src/registry/items/prompt.entity.js';
import { ResourceEntity } from '../../../src/registry/items/resource.entity.js';
import { ToolEntity } from '../../../src/registry/items/tool.entity.js';
import { ServerEntity } from '../../../src/registry/servers/server.entity.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { joinTeam } from '../../fixtures/join-team.js';
import { addUser } from '../../fixtures/people.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const NOTHING = 'f'.repeat(32);

/** One of each kind: a gateway with a tool, a resource, a template and a prompt, and a server of everything. */
const ROWS = {
  open: { visibility: 'public', teamId: null, ownerEmail: ADMIN.email },
  reds: { visibility: 'team', teamId: 'red', ownerEmail: ADMIN.email },
  blues: { visibility: 'team', teamId: 'blue', ownerEmail: BOB },
  anns: { visibility: 'private', teamId: null, ownerEmail: ANN },
  annsinred: { visibility: 'private', teamId: 'red', ownerEmail: ANN },
  admins: { visibility: 'private', teamId: null, ownerEmail: ADMIN.email },
} as const satisfies Record<string, { visibility: Visibility; teamId: string | null; ownerEmail: string }>;
type RowName = keyof typeof ROWS;
const NAMES = Object.keys(ROWS) as RowName[];

const admin = (claims: object) => signedToken({ sub: ADMIN.email, ...claims });
const ann = (claims: object) => signedToken({ sub: ANN, ...claims });
const bob = (claims: object) => signedToken({ sub: BOB, ...claims });
const session = { token_use: 'session' };

const CALLERS: readonly (readonly [string, () => string, readonly RowName[]])[] = [
  ['the administrator’s session', () => admin(session), ['open', 'reds', 'blues', 'admins']],
  ['the administrator’s token', () => admin({ teams: null }), ['open', 'reds', 'blues', 'admins']],
  ['the administrator’s token without teams', () => admin({}), ['open']],
  ['the administrator’s token of no teams', () => admin({ teams: [] }), ['open']],
  ['the administrator’s token of the reds', () => admin({ teams: ['red'] }), ['open', 'reds']],
  ['Ann’s session', () => ann(session), ['open', 'reds', 'anns', 'annsinred']],
  ['Ann’s session, narrowed to her team', () => ann({ ...session, teams: ['red'] }), ['open', 'reds', 'annsinred']],
  ['Ann’s session, narrowed to a team that is not hers', () => ann({ ...session, teams: ['blue'] }), ['open']],
  ['Ann’s token', () => ann({ teams: null }), ['open']],
  ['Ann’s token of no teams', () => ann({ teams: [] }), ['open']],
  ['Ann’s token of the reds', () => ann({ teams: ['red'] }), ['open', 'reds', 'annsinred']],
  ['Bob’s session', () => bob(session), ['open', 'reds', 'blues']],
  ['Bob’s token of the blues', () => bob({ teams: [{ id: 'blue' }] }), ['open', 'blues']],
  ['Bob’s token of both', () => bob({ teams: ['red', 'blue'] }), ['open', 'reds', 'blues']],
  ['Bob’s token of teams with similar names', () => bob({ teams: ['reds', 're', '%'] }), ['open']],
];

describe('who sees what', () => {
  let running: RunningGateway;
  const upstreams = new Map<RowName, GrowingUpstream>();
  const ids = new Map<
    RowName,
    Record<'gateways' | 'servers' | 'tools' | 'resources' | 'templates' | 'prompts', string>
  >();

  beforeAll(async () => {
    running = await RunningGateway.start({
      JWT_SECRET_KEY: SHARED_SECRET,
      DEFAULT_USER_ROLE: 'developer',
      // What reaches the upstreams is counted.
      HEALTH_CHECK_INTERVAL: '86400',
    });
    const [annsAccount, bobsAccount] = [await addUser(running, ANN), await addUser(running, BOB)];
    const database = running.gateway.app.get(DataSource);
    const root = await database.getRepository(User).findOneByOrFail({ email: ADMIN.email });
    await joinTeam(database, 'red', [annsAccount, bobsAccount, root]);
    for (const team of ['blue', 'reds', 're', '%']) await joinTeam(database, team, [bobsAccount]);
    for (const name of NAMES) await addGateway(name);
    const all = [...ids.values()];
    for (const name of NAMES) {
      const server = {
        name,
        associated_tools: all.map(({ tools }) => tools),
        associated_resources: all.flatMap(({ resources, templates }) => [resources, templates]),
        associated_prompts: all.map(({ prompts }) => prompts),
      };
      const { body } = await running.rest('POST', '/servers', { server });
      Object.assign(idsOf(name), { servers: body.id });
    }
    for (const name of NAMES) await give(name);
    running.gateway.app.get(ChangeBus).publish({ kind: 'registry_changed' });
    await running.gateway.app.get(CatalogService, { strict: false }).refreshed();
  });
  afterAll(async () => {
    await running.stop();
    for (const upstream of upstreams.values()) await upstream.close();
  });

  function idsOf(name: RowName) {
    const found = ids.get(name);
    if (!found) throw new Error(name);
    return found;
  }

  async function addGateway(name: RowName): Promise<void> {
    const upstream = await GrowingUpstream.start({
      tools: [tool('run')],
      resources: [{ uri: `test://${name}/thing`, name }],
      resourceTemplates: [{ uriTemplate: `test://${name}/things/{id}`, name }],
      prompts: [{ name: 'ask' }],
    });
    const say = { content: [{ type: 'text', text: name }] };
    upstream.scripted.change({
      'tools/call': { result: { resultType: 'complete', ...say } },
      'prompts/get': { result: { resultType: 'complete', messages: [{ role: 'user', content: say.content[0] }] } },
      'resources/read': { result: { resultType: 'complete', contents: [{ uri: `test://${name}/thing`, text: name }] } },
    });
    upstreams.set(name, upstream);
    const { id } = await running.register(name, upstream.url);
    const only = async (path: string) => (await running.rest('GET', `${path}?gateway_id=${id}`)).body;
    ids.set(name, {
      gateways: id,
      servers: '',
      tools: (await only('/tools'))[0].id,
      resources: (await only('/resources'))[0].id,
      templates: (await only('/resources/templates/list')).resourceTemplates[0].id,
      prompts: (await only('/prompts'))[0].id,
    });
  }

  /** What a team's owner will one day do over REST. */
  async function give(name: RowName): Promise<void> {
    const { manager } = running.gateway.app.get(DataSource);
    const { gateways: gatewayId, servers } = idsOf(name);
    await manager.update(GatewayEntity, { id: gatewayId }, ROWS[name]);
    await manager.update(ServerEntity, { id: servers }, ROWS[name]);
    for (const entity of [ToolEntity, ResourceEntity, PromptEntity])
      await manager.update(entity, { gatewayId }, ROWS[name]);
  }

  const sorted = (names: readonly string[]): string[] => [...names].sort();

  describe.each(CALLERS)('%s', (_, mint, visible) => {
    const hidden = NAMES.filter((name) => !visible.includes(name));
    const get = (path: string) => running.rest('GET', path, undefined, mint());

    it.each(['gateways', 'servers', 'tools', 'resources', 'prompts'] as const)(
      'lists just the %s it may see',
      async (kind) => {
        const expected = sorted(visible.map((name) => idsOf(name)[kind]));
        const idsIn = (rows: { id: string }[]) => sorted(rows.map(({ id }) => id));
        expect(idsIn((await get(`/${kind}`)).body)).toEqual(expected);
        expect(idsIn((await get(`/${kind}?include_inactive=true&limit=500`)).body)).toEqual(expected);
        for (const filter of ['visibility=private', 'visibility=team', 'team_id=red', 'team_id=blue']) {
          const { body } = await get(`/${kind}?${filter}`);
          expect(expected).toEqual(expect.arrayContaining(idsIn(body)));
        }
        const one = (await get(`/${kind}?limit=1&include_pagination=true`)).body;
        expect(one[kind]).toHaveLength(Math.min(1, expected.length));
        expect(one.nextCursor === undefined).toBe(expected.length <= 1);
      },
    );

    it('lists just the templates it may see, and nothing of hidden gateways', async () => {
      const { resourceTemplates } = (await get('/resources/templates/list')).body;
      expect(sorted(resourceTemplates.map(({ id }: { id: string }) => id))).toEqual(
        sorted(visible.map((name) => idsOf(name).templates)),
      );
      for (const name of hidden) {
        const id = idsOf(name).gateways;
        for (const kind of ['tools', 'resources', 'prompts'])
          expect((await get(`/${kind}?gateway_id=${id}`)).body).toEqual([]);
      }
    });

    it('gets just those, and a hidden row is a missing one', async () => {
      const paths: readonly (readonly [keyof ReturnType<typeof idsOf>, (id: string) => string])[] = [
        ['gateways', (id) => `/gateways/${id}`],
        ['gateways', (id) => `/gateways/${id}/health`],
        ['servers', (id) => `/servers/${id}`],
        ['servers', (id) => `/servers/${id}/tools`],
        ['servers', (id) => `/servers/${id}/resources`],
        ['servers', (id) => `/servers/${id}/prompts`],
        ['tools', (id) => `/tools/${id}`],
        ['resources', (id) => `/resources/${id}/info`],
        ['templates', (id) => `/resources/${id}/info`],
        ['prompts', (id) => `/prompts/${id}/info`],
      ];
      for (const [kind, path] of paths) {
        const missing = await get(path(NOTHING));
        expect(missing.status).toBe(404);
        for (const name of NAMES) {
          const id = idsOf(name)[kind];
          const { status, body } = await get(path(id));
          expect([path(name), status]).toEqual([path(name), visible.includes(name) ? 200 : 404]);
          if (status === 404) expect(JSON.stringify(body)).toBe(JSON.stringify(missing.body).replaceAll(NOTHING, id));
        }
      }
    });

    it('finds just those in the servers it may see', async () => {
      for (const name of visible) {
        const { body } = await get(`/servers/${idsOf(name).servers}`);
        expect(sorted(body.associatedToolIds)).toEqual(sorted(visible.map((row) => idsOf(row).tools)));
        expect(sorted(body.associatedTools)).toEqual(sorted(visible.map((row) => `${row}-run`)));
        expect(sorted(body.associatedPromptIds)).toEqual(sorted(visible.map((row) => idsOf(row).prompts)));
        expect(body.associatedResourceIds).toHaveLength(2 * visible.length);
        const tools = (await get(`/servers/${idsOf(name).servers}/tools`)).body;
        expect(sorted(tools.map((row: { name: string }) => row.name))).toEqual(
          sorted(visible.map((row) => `${row}-run`)),
        );
      }
      for (const row of await get('/servers').then(({ body }) => body)) {
        for (const name of hidden) expect(JSON.stringify(row)).not.toContain(idsOf(name).tools);
      }
    });

    it('finds just those over MCP, everywhere', async () => {
      const doors = ['/mcp', '/rpc', ...visible.map((name) => `/servers/${idsOf(name).servers}/mcp`)];
      for (const door of doors) {
        const list = async (method: string) => (await callMcp(running.url + door, mint(), method)).body.result;
        const named = (items: { name: string }[]) => sorted(items.map(({ name }) => name));
        expect(named((await list('tools/list')).tools)).toEqual(sorted(visible.map((name) => `${name}-run`)));
        expect(named((await list('prompts/list')).prompts)).toEqual(sorted(visible.map((name) => `${name}-ask`)));
        expect(named((await list('resources/list')).resources)).toEqual(sorted(visible));
        expect(named((await list('resources/templates/list')).resourceTemplates)).toEqual(sorted(visible));
      }
      const closed = [...hidden.map((name) => idsOf(name).servers), NOTHING].map((id) => `/servers/${id}/mcp`);
      const answers = await Promise.all(closed.map((door) => callMcp(running.url + door, mint(), 'tools/list')));
      for (const { status, body } of answers) expect([status, body]).toEqual([404, answers[0]?.body]);
    });

    it('calls, gets and reads just those', async () => {
      const calls: readonly (readonly [string, (name: string) => Record<string, unknown>])[] = [
        ['tools/call', (name) => ({ name: `${name}-run`, arguments: {} })],
        ['prompts/get', (name) => ({ name: `${name}-ask` })],
        ['resources/read', (name) => ({ uri: `test://${name}/thing` })],
        ['resources/read', (name) => ({ uri: `test://${name}/things/7` })],
        [
          'completion/complete',
          (name) => ({ ref: { type: 'ref/prompt', name: `${name}-ask` }, argument: { name: 'a', value: '' } }),
        ],
      ];
      const reached = () => new Map(NAMES.map((name) => [name, upstreams.get(name)?.scripted.calls.requests.length]));
      for (const [method, params] of calls) {
        const before = reached();
        const missing = await callMcp(`${running.url}/mcp`, mint(), method, params('nothing'));
        expect(missing.body.error.code).toBe(method === 'resources/read' ? -32002 : -32602);
        for (const name of NAMES) {
          const { status, body } = await callMcp(`${running.url}/mcp`, mint(), method, params(name));
          expect(status).toBe(200);
          if (visible.includes(name))
            expect(JSON.stringify(body)).not.toContain(JSON.stringify(missing.body.error.message));
          else expect(body).toEqual(JSON.parse(JSON.stringify(missing.body).replaceAll('nothing', name)));
        }
        const after = reached();
        expect(
          NAMES.filter((name) => after.get(name) !== before.get(name)).every((name) => visible.includes(name)),
        ).toBe(true);
      }
      for (const name of visible) {
        const { body } = await callMcp(`${running.url}/mcp`, mint(), 'tools/call', {
          name: `${name}-run`,
          arguments: {},
        });
        expect(body.result.content).toEqual([{ type: 'text', text: name }]);
      }
    });

    it('changes nothing that is hidden or another’s', async () => {
      const { sub, teams, token_use } = JSON.parse(Buffer.from(mint().split('.')[1] ?? '', 'base64url').toString());
      const administers = sub === ADMIN.email && (teams === null || token_use === 'session');
      for (const name of NAMES) {
        const { gateways, servers } = idsOf(name);
        const expected = !visible.includes(name) ? 404 : administers || ROWS[name].ownerEmail === sub ? 200 : 403;
        for (const [method, path, body] of [
          ['PUT', `/gateways/${gateways}`, { description: 'changed' }],
          ['POST', `/gateways/${gateways}/state?activate=true`, undefined],
          ['POST', `/gateways/${gateways}/refresh`, undefined],
          ['PUT', `/servers/${servers}`, { description: 'changed' }],
          ['POST', `/servers/${servers}/toggle?activate=true`, undefined],
          ...(expected === 200
            ? []
            : ([
                ['DELETE', `/gateways/${gateways}`, undefined],
                ['DELETE', `/servers/${servers}`, undefined],
              ] as const)),
        ] as const) {
          const { status } = await running.rest(method, path, body, mint());
          expect([method, path.replace(gateways, name).replace(servers, name), status]).toEqual([
            method,
            path.replace(gateways, name).replace(servers, name),
            expected,
          ]);
        }
      }
    });

    it('puts nothing hidden into a server of its own', async () => {
      for (const name of [...hidden, 'nothing' as const]) {
        const toolId = name === 'nothing' ? NOTHING : idsOf(name).tools;
        const server = { name: `sneaky ${name}`, associated_tools: [toolId] };
        const answer = await running.rest('POST', '/servers', { server }, mint());
        expect([answer.status, JSON.stringify(answer.body)]).toEqual([
          422,
          expect.stringContaining(`associatedTools: ${toolId} was not found`),
        ]);
      }
    });
  });
});
