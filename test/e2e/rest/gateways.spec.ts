import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { User } from '../../../src/auth/accounts/user.entity.js';
import { CatalogService } from '../../../src/registry/catalog/catalog.service.js';
import { HealthMonitor } from '../../../src/registry/gateways/health-monitor.js';
import { PersonalTeams } from '../../../src/teams/personal-teams.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { joinTeam } from '../../fixtures/join-team.js';
import { addUser } from '../../fixtures/people.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const PNG = `data:image/png;base64,${Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64')}`;

let running: RunningGateway;
let upstream: GrowingUpstream;
let names = 0;

const sessionOf = ({ id }: User) => signedToken({ sub: id, token_use: 'session' });
const rest = (method: string, path: string, body?: unknown, token?: string) => running.rest(method, path, body, token);
const person = (name: string) => addUser(running, `${name}-${(names += 1)}@example.com`);
const team = (id: string, users: User[], role?: 'owner' | 'member') =>
  joinTeam(running.gateway.app.get(DataSource), id, users, role);

beforeAll(async () => {
  // In teams people develop; everywhere else they look on.
  running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, DEFAULT_TEAM_MEMBER_ROLE: 'developer' });
  upstream = await GrowingUpstream.start({});
});
beforeEach(() =>
  upstream.offer({ tools: [tool('run')], resources: [{ uri: 'test://a', name: 'a' }], prompts: [{ name: 'ask' }] }),
);
afterAll(async () => {
  await running.stop();
  await upstream.close();
});

async function register(more: object = {}, token?: string) {
  const body = { name: `gateway ${(names += 1)}`, url: upstream.url, ...more };
  const { status, body: answer } = await rest('POST', '/gateways', body, token);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(answer)}`);
  return answer;
}

describe('the provenance of a row', () => {
  const HIDDEN = { createdFromIp: null, createdUserAgent: null, modifiedFromIp: null, modifiedUserAgent: null };

  it('is whole for who may change it, and has neither address nor user agent for others', async () => {
    const { id } = await register({ tags: ['seen'] });
    const { id: serverId } = await running.serve(id);
    const onlooker = sessionOf(await person('onlooker'));
    const toolId = (await rest('GET', `/tools?gateway_id=${id}`)).body[0].id;
    for (const path of [`/gateways/${id}`, `/servers/${serverId}`, `/tools/${toolId}`]) {
      const mine = (await rest('GET', path)).body;
      expect(mine).toMatchObject({
        createdBy: ADMIN.email,
        createdFromIp: '127.0.0.1',
        createdVia: path.startsWith('/tools') ? 'federation' : 'api',
        createdUserAgent: 'node',
        modifiedBy: ADMIN.email,
        modifiedFromIp: '127.0.0.1',
        modifiedUserAgent: 'node',
        importBatchId: null,
        federationSource: path.startsWith('/tools') ? expect.stringContaining('gateway') : null,
        version: 1,
      });
      expect((await rest('GET', path, undefined, onlooker)).body).toEqual({ ...mine, ...HIDDEN });
    }
  });

  it('is hidden so in every list, and shown in the answer to a change', async () => {
    const { id } = await register();
    const { id: serverId } = await running.serve(id);
    const onlooker = sessionOf(await person('onlooker'));
    const lists = ['gateways', 'servers', 'tools', 'resources', 'prompts'];
    const paths = [
      ...lists.map((kind) => `/${kind}`),
      ...['tools', 'resources', 'prompts'].map((kind) => `/servers/${serverId}/${kind}`),
    ];
    for (const path of paths) {
      const theirs: object[] = (await rest('GET', path, undefined, onlooker)).body;
      expect(theirs.length).toBeGreaterThan(0);
      for (const row of theirs) expect(row).toMatchObject(HIDDEN);
      const mine: object[] = (await rest('GET', path)).body;
      for (const row of mine) expect(row).toMatchObject({ createdFromIp: '127.0.0.1', modifiedUserAgent: 'node' });
    }
    const { body } = await rest('PUT', `/gateways/${id}`, { description: 'new' });
    expect(body).toMatchObject({ modifiedFromIp: '127.0.0.1', modifiedVia: 'api', version: 2 });
  });
});

describe('registering', () => {
  it.each(['STREAMABLEHTTP', 'streamablehttp', 'HTTP', 'http', 'streamable-http'])(
    'takes the transport %s',
    async (transport) => {
      expect(await register({ transport })).toMatchObject({ transport: 'STREAMABLEHTTP' });
    },
  );

  it.each(['WS', 'https', ''])('refuses the transport %j and says what there is', async (transport) => {
    const { status, body } = await rest('POST', '/gateways', { name: 'x', url: upstream.url, transport });
    expect([status, body.detail[0].msg]).toEqual([422, expect.stringContaining('must be STREAMABLEHTTP (or HTTP')]);
  });

  it('leaves out what can’t be offered, says why, and takes the rest', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
    upstream.offer({
      tools: [
        tool('good'),
        tool('good'),
        tool('bad name'),
        tool('x'.repeat(129)),
        { ...tool('huge'), description: 'x'.repeat(61_000) },
        { ...tool('deep'), annotations: deep },
        { name: 'schemaless' },
        { ...tool('proto'), ...JSON.parse('{"x":{"__proto__":{"admin":true}}}') },
        7 as unknown as object,
        tool('also-good'),
      ],
      resources: [
        { uri: 'not a uri', name: 'x' },
        { uri: 'test://fine', name: 'y' },
      ],
      prompts: [{ name: 'ok' }, { title: 'nameless' }],
    });
    const gateway = await register();
    expect([gateway.toolCount, gateway.resourceCount, gateway.promptCount]).toEqual([2, 1, 1]);
    expect(
      gateway.skippedTools.map(({ name, reason }: Record<string, string>) => `${name?.slice(0, 10)} ${reason}`),
    ).toEqual([
      'good is listed a second time',
      expect.stringMatching(/^bad name has a name/),
      expect.stringMatching(/^xxxxxxxxxx has a name/),
      expect.stringMatching(/^huge is larger/),
      expect.stringMatching(/^deep is nested/),
      expect.stringMatching(/^schemaless has no inputSchema/),
      expect.stringMatching(/^proto has a member named __proto__/),
      '(unnamed) is not an object',
    ]);
    expect(gateway.skipped).toHaveLength(10);
    upstream.offer({
      tools: [tool('good', 'Better.'), tool('third'), ...Array.from({ length: 60 }, (_, at) => tool(`bad ${at}`))],
    });
    const { body } = await rest('POST', `/gateways/${gateway.id}/tools/refresh`);
    expect(body).toMatchObject({
      toolsAdded: 1,
      tools: { added: ['third'], updated: ['good'], removed: ['also-good'] },
      resources: { added: [], updated: [], removed: ['test://fine'] },
      prompts: { removed: ['ok'] },
      skippedCount: 60,
    });
    expect(body.skipped).toHaveLength(50);
  });
});

describe('the same address twice', () => {
  let strict: RunningGateway;
  beforeAll(async () => {
    const settings = { GATEWAY_UNIQUE_URLS: 'true', DEFAULT_USER_ROLE: 'developer' };
    strict = await RunningGateway.start({ ...settings, JWT_SECRET_KEY: SHARED_SECRET });
  });
  afterAll(() => strict.stop());
  const post = (body: object, token?: string) =>
    strict.rest('POST', '/gateways', { url: upstream.url, ...body }, token);

  it('is refused without a credential, and taken for another one or in another team', async () => {
    expect((await post({ name: 'one' })).status).toBe(200);
    const again = await post({
      name: 'two',
      url: upstream.url.toUpperCase().replace('HTTP', 'http').replace('/MCP', '/mcp'),
    });
    expect([again.status, again.body.message]).toEqual([409, 'A gateway with this URL already exists: one']);
    const keyed = await post({ name: 'three', auth_type: 'bearer', auth_token: 'k' });
    expect(keyed.status).toBe(200);
    expect((await post({ name: 'four', auth_type: 'bearer', auth_token: 'k' })).status).toBe(200);
    expect((await post({ name: 'five', url: `${upstream.url}?key=1` })).status).toBe(200);
    expect((await strict.rest('PUT', `/gateways/${keyed.body.id}`, { auth_type: 'none' })).status).toBe(409);
    expect((await strict.rest('PUT', `/gateways/${keyed.body.id}`, { description: 'as it was' })).status).toBe(200);
    const bob = await addUser(strict, 'bob@example.com');
    const theirs = await post({ name: 'one', visibility: 'private' }, sessionOf(bob));
    expect(theirs.status).toBe(200);
  });

  it('tells nothing of a gateway that the caller can’t see', async () => {
    const database = strict.gateway.app.get(DataSource);
    const [ann, eve] = [await addUser(strict, 'ann2@example.com'), await addUser(strict, 'eve2@example.com')];
    await joinTeam(database, 'shared', [ann, eve], 'owner');
    const url = `${upstream.url}?of=ann`;
    const hidden = await post({ name: 'secret', url, visibility: 'private', team_id: 'shared' }, sessionOf(ann));
    expect(hidden.status).toBe(200);
    expect((await post({ name: 'open', url, visibility: 'team', team_id: 'shared' }, sessionOf(eve))).status).toBe(200);
  });
});

describe('whose a gateway is', () => {
  it('says to whom holds gateways.create in teams only what is missing', async () => {
    const ann = await person('ann');
    await team('builders', [ann]);
    const noOwn = await rest('POST', '/gateways', { name: 'for all', url: upstream.url }, sessionOf(ann));
    expect(noOwn.body.detail).toMatch(/team_id of a team in which you hold it$/);
    await running.gateway.app.get(PersonalTeams, { strict: false }).ensure(ann);
    const refused = await rest('POST', '/gateways', { name: 'for all', url: upstream.url }, sessionOf(ann));
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      expect.stringMatching(
        /^Access denied: you hold gateways\.create in teams only.*team_id.*visibility to 'private'$/,
      ),
    ]);
    expect((await register({ team_id: 'builders' }, sessionOf(ann))).teamId).toBe('builders');
    expect((await register({ visibility: 'private' }, sessionOf(ann))).visibility).toBe('private');
  });

  it('stays as it was when a change leaves it out, and goes to no team that the caller is not in', async () => {
    const [ann, bob] = [await person('ann'), await person('bob')];
    await team('givers', [ann]);
    await team('takers', [bob]);
    const { id } = await register({ team_id: 'givers', visibility: 'team' }, sessionOf(ann));
    const put = (body: object) => rest('PUT', `/gateways/${id}`, body, sessionOf(ann));
    expect((await put({ description: 'new' })).body).toMatchObject({ teamId: 'givers', visibility: 'team' });
    for (const body of [{ team_id: 'takers' }, { team_id: 'takers', visibility: 'public' }, { team_id: 'nowhere' }]) {
      const { status, body: answer } = await put(body);
      expect([status, answer.detail]).toEqual([403, 'Access denied: you do not belong to this team']);
    }
    for (const field of ['owner_email', 'ownerEmail', 'createdBy', 'tenant', 'version', 'enabled'])
      expect((await put({ [field]: 'eve@example.com' })).status, field).toBe(422);
    expect((await rest('GET', `/gateways/${id}`, undefined, sessionOf(ann))).body).toMatchObject({
      teamId: 'givers',
      ownerEmail: ann.email,
      version: 2,
    });
  });

  it('lets a team’s owner change what a member left behind, and no other member', async () => {
    const [leaver, member, owner, other] = [
      await person('leaver'),
      await person('member'),
      await person('owner'),
      await person('other'),
    ];
    await team('left', [leaver, member]);
    // Where the leaver still may change things.
    await team('next', [leaver]);
    await team('left', [owner], 'owner');
    await team('elsewhere', [other], 'owner');
    const { id } = await register({ team_id: 'left', visibility: 'team' }, sessionOf(leaver));
    const change = (who: User) => rest('PUT', `/gateways/${id}`, { description: who.email }, sessionOf(who));
    expect((await change(member)).status).toBe(403);
    expect((await rest('DELETE', '/teams/left/leave', undefined, sessionOf(leaver))).status).toBe(200);
    expect((await change(leaver)).status).toBe(404);
    expect((await change(member)).status).toBe(403);
    expect((await change(other)).status).toBe(404);
    expect(await change(owner)).toMatchObject({ status: 200, body: { ownerEmail: leaver.email, version: 2 } });
    expect((await rest('DELETE', `/gateways/${id}`, undefined, sessionOf(member))).status).toBe(403);
    expect((await rest('DELETE', `/gateways/${id}`, undefined, sessionOf(owner))).status).toBe(200);
  });

  it('goes for its items too', async () => {
    const ann = await person('ann');
    await team('movers', [ann]);
    const { id } = await register({ team_id: 'movers', visibility: 'public' }, sessionOf(ann));
    const onlooker = sessionOf(await person('onlooker'));
    const seen = async (token: string) =>
      Promise.all(
        ['tools', 'resources', 'prompts'].map(
          async (kind) => (await rest('GET', `/${kind}?gateway_id=${id}`, undefined, token)).body,
        ),
      );
    expect((await seen(onlooker)).flat()).toHaveLength(3);
    await rest('PUT', `/gateways/${id}`, { visibility: 'team' }, sessionOf(ann));
    expect((await seen(onlooker)).flat()).toEqual([]);
    expect((await seen(sessionOf(ann))).flat()).toMatchObject([{ visibility: 'team', teamId: 'movers' }, {}, {}]);
  });
});

describe('the health of an upstream', () => {
  it('is shown on its tools, and they come back with it', async () => {
    const lonely = await GrowingUpstream.start({ tools: [tool('run')] });
    const { id, slug } = await running.register('Lonely', lonely.url);
    const rounds = async (howMany: number) => {
      for (let round = 0; round < howMany; round += 1)
        await running.gateway.app.get(HealthMonitor, { strict: false }).round();
      await running.gateway.app.get(CatalogService, { strict: false }).refreshed();
    };
    const reachable = async () => [
      (await rest('GET', `/gateways/${id}`)).body.reachable,
      (await rest('GET', `/tools?gateway_id=${id}`)).body[0].reachable,
    ];
    lonely.break();
    await rounds(2);
    expect(await reachable()).toEqual([true, true]);
    await rounds(1);
    expect(await reachable()).toEqual([false, false]);
    lonely.mend();
    await rounds(1);
    expect(await reachable()).toEqual([true, true]);
    const { body } = await callMcp(`${running.url}/mcp`, running.session, 'tools/list');
    expect(body.result.tools.map(({ name }: { name: string }) => name)).toContain(`${slug}-run`);
    await lonely.close();
  });
});

describe('a virtual server', () => {
  it('has an icon, which is a picture', async () => {
    const { body } = await rest('POST', '/servers', { server: { name: 'with icon', icon: PNG } });
    expect(body).toMatchObject({ icon: PNG, associatedA2aAgents: [] });
    const put = (icon: unknown) => rest('PUT', `/servers/${body.id}`, { icon });
    expect((await put('https://example.com/i.webp')).body.icon).toBe('https://example.com/i.webp');
    for (const icon of ['http://example.com/i.png', 'data:image/svg+xml;base64,PHN2Zy8+', 'javascript:alert(1)', 7]) {
      const { status, body: answer } = await put(icon);
      expect([status, answer.detail[0].loc]).toEqual([422, ['body', 'icon']]);
    }
    expect((await put('')).body.icon).toBeNull();
  });

  it('that is public shows of a team’s items only what the caller may see', async () => {
    const ann = await person('ann');
    await team('keepers', [ann]);
    const { id } = await register({ team_id: 'keepers', visibility: 'team' }, sessionOf(ann));
    const { id: toolId } = (await rest('GET', `/tools?gateway_id=${id}`, undefined, sessionOf(ann))).body[0];
    const server = await running.serve(id, { associated_tools: toolId });
    const onlooker = sessionOf(await person('onlooker'));
    const get = async (token: string) => (await rest('GET', `/servers/${server.id}`, undefined, token)).body;
    expect((await get(sessionOf(ann))).associatedToolIds).toEqual([toolId]);
    expect(JSON.stringify(await get(onlooker))).not.toContain(toolId);
    expect((await rest('GET', `/servers/${server.id}/tools`, undefined, onlooker)).body).toEqual([]);
    // Neither is it found by what it hides.
    expect((await rest('GET', `/servers?gateway_id=${id}`, undefined, onlooker)).body).toEqual([]);
    expect((await rest('GET', `/servers?gateway_id=${id}`, undefined, sessionOf(ann))).body).toMatchObject([
      { id: server.id },
    ]);
  });
});

describe('tags', () => {
  const tagged = (rows: { name: string; stats: { total: number } }[], name: string) =>
    rows.find((row) => row.name === name)?.stats;

  it('count only what the caller may see, and hide those that only hidden rows carry', async () => {
    const ann = await person('ann');
    await team('taggers', [ann]);
    await register({ tags: ['both kinds'] });
    await register({ tags: ['both_kinds', 'secret-project'], team_id: 'taggers', visibility: 'team' }, sessionOf(ann));
    const onlooker = sessionOf(await person('onlooker'));
    const get = async (path: string, token: string) => (await rest('GET', path, undefined, token)).body;
    expect(tagged(await get('/tags', sessionOf(ann)), 'both-kinds')).toMatchObject({ gateways: 2, total: 2 });
    expect(tagged(await get('/tags/', onlooker), 'both-kinds')).toMatchObject({ gateways: 1, total: 1 });
    const theirs = JSON.stringify(await get('/tags?include_entities=true', onlooker));
    expect(theirs).not.toContain('secret-project');
    expect(await get('/tags/secret-project/entities', sessionOf(ann))).toMatchObject([{ type: 'gateway' }]);
    const hidden = await rest('GET', '/tags/secret-project/entities', undefined, onlooker);
    const missing = await rest('GET', '/tags/no-such-project/entities', undefined, onlooker);
    expect([hidden.status, hidden.body]).toEqual([missing.status, missing.body]);
    expect(await get('/tags/both%20kinds/entities?entity_types=servers', onlooker)).toEqual([]);
    expect(tagged(await get('/tags?entity_types=tools,Servers', sessionOf(ann)), 'both-kinds')).toBeUndefined();
  });

  it.each([
    'entity_types=agents',
    'entity_types=',
    'entity_types=tools,',
    'entity_types=tools&entity_types=prompts&x=1',
    'include_entities=maybe',
    'owner=eve',
  ])('refuse %s', async (query) => {
    expect((await rest('GET', `/tags?${query}`)).status).toBe(422);
  });

  it('need tags.read', async () => {
    const capped = signedToken({ teams: null, scopes: { permissions: ['gateways.read'] } });
    for (const path of ['/tags', '/tags/x/entities']) {
      expect((await rest('GET', path, undefined, capped)).status).toBe(403);
      expect((await running.rest('GET', path, undefined, null)).status).toBe(401);
    }
    const blind = signedToken({ teams: null, scopes: { permissions: ['tags.read'] } });
    expect((await rest('GET', '/tags', undefined, blind)).body).toEqual([]);
  });
});
