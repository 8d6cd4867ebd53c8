import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { User } from '../../../src/auth/user.entity.js';
import { DatabaseSettings } from '../../../src/database/database.settings.js';
import { routesOf } from '../../../src/cli/routes.js';
import { TokenRevocations } from '../../../src/auth/token-revocations.js';
import { ApiToken } from '../../../src/tokens/api-token.entity.js';
import { callMcp, postMcp } from '../../fixtures/call-mcp.js';
import { addUser } from '../../fixtures/people.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, seconds, signedToken } from '../../fixtures/signed-token.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';

const NOTHING = 'f'.repeat(32);

describe('API tokens', () => {
  let running: RunningGateway;
  let upstream: TestUpstream;
  let ann: User;
  let annSession: string;
  let serverId: string;
  let otherServerId: string;
  let names = 0;

  beforeAll(async () => {
    upstream = await startDualEraUpstream();
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET });
    const { id } = await running.register('up', upstream.url);
    serverId = (await running.serve(id)).id;
    otherServerId = (await running.serve(id)).id;
    ann = await addUser(running, 'ann@example.com');
    annSession = signedToken({ sub: ann.id, token_use: 'session' });
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const freshName = (): string => `token ${(names += 1)}`;
  const create = (body: object, token?: string) =>
    running.rest('POST', '/tokens', { name: freshName(), expires_in_days: 30, ...body }, token);
  const mint = async (scope: object = {}, token?: string): Promise<{ text: string; id: string; jti: string }> => {
    const { body } = await create({ scope }, token);
    const row = await running.gateway.app.get(DataSource).manager.findOneByOrFail(ApiToken, { id: body.token.id });
    return { text: body.access_token, id: row.id, jti: row.jti };
  };
  const statusOf = async (path: string, token: string, method = 'GET'): Promise<number> =>
    (await running.rest(method, path, undefined, token)).status;
  const doors = (): string[] => ['/mcp', '/rpc', `/servers/${serverId}/mcp`, `/servers/${otherServerId}/mcp`];
  const listAt = (path: string, token: string) => callMcp(running.url + path, token, 'tools/list');

  describe('are minted', () => {
    it('with the contract’s answer, their text shown once', async () => {
      const scope = {
        server_id: serverId,
        permissions: ['tools.read', 'tools.execute'],
        ip_restrictions: ['127.0.0.0/8', '::1'],
        time_restrictions: { weekdays_only: false },
      };
      const { status, body } = await create({ name: 'whole', description: 'What for', tags: ['a'], scope });
      expect(status).toBe(201);
      expect(body.access_token).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(body.token).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        name: 'whole',
        description: 'What for',
        user_email: 'admin@example.com',
        team_id: null,
        server_id: serverId,
        resource_scopes: ['tools.read', 'tools.execute'],
        ip_restrictions: ['127.0.0.0/8', '::1'],
        time_restrictions: { weekdays_only: false },
        created_at: expect.any(String),
        expires_at: expect.any(String),
        is_active: true,
        tags: ['a'],
      });
      const days = (Date.parse(body.token.expires_at) - Date.parse(body.token.created_at)) / 86_400_000;
      expect(days).toBe(30);
      const got = await running.rest('GET', `/tokens/${body.token.id}`);
      expect(got.body).toEqual(body.token);
      const listed = await running.rest('GET', '/tokens?limit=500');
      expect(listed.body.tokens).toContainEqual(body.token);
      const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
      expect(Object.keys(claims).toSorted()).toEqual(['aud', 'env', 'exp', 'iat', 'iss', 'jti', 'sub', 'token_use']);
      for (const answer of [got, listed]) {
        const text = JSON.stringify(answer.body);
        for (const secret of [body.access_token, body.access_token.split('.')[2], claims.jti])
          expect(text).not.toContain(secret);
      }
    });

    it('and the database keeps a hash only', async () => {
      const { text } = await mint();
      const signature = text.split('.')[2] ?? '';
      const folder = running.gateway.app.get(DatabaseSettings).dataDir;
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
      expect(files.length).toBeGreaterThan(0);
      for (const bytes of files) expect(bytes.includes(signature)).toBe(false);
    });

    it.each([
      ['is_admin', { is_admin: true }],
      ['user_id', { user_id: NOTHING }],
      ['user_email', { user_email: 'ann@example.com' }],
      ['team_id', { team_id: NOTHING }],
      ['jti', { jti: 'mine' }],
      ['token_hash', { token_hash: NOTHING }],
      ['is_active', { is_active: false }],
      ['expires_at', { expires_at: '2099-01-01' }],
      ['usage_limits', { scope: { usage_limits: {} } }],
      ['teams', { scope: { teams: null } }],
      ['nights_only', { scope: { time_restrictions: { nights_only: true } } }],
      ['expires_in_days', { expires_in_days: 0 }],
      ['expires_in_days', { expires_in_days: '30' }],
      ['expires_in_days', { expires_in_days: 1e9 }],
      ['name', { name: '' }],
      ['name', { name: ['a'] }],
      ['name', { name: 'x'.repeat(101) }],
      ['description', { description: { a: 1 } }],
      ['tags', { tags: 'a' }],
      ['tags', { tags: [{ a: 1 }] }],
      ['scope', { scope: 'all' }],
      ['scope', { scope: [] }],
      ['scope', { scope: [{ permissions: ['tools.read'] }] }],
      ['time_restrictions', { scope: { time_restrictions: [{ weekdays_only: true }] } }],
      ['server_id', { scope: { server_id: 7 } }],
      ['permissions', { scope: { permissions: 'tools.read' } }],
      ['permissions', { scope: { permissions: ['tools read'] } }],
      ['ip_restrictions', { scope: { ip_restrictions: [7] } }],
      ['business_hours_only', { scope: { time_restrictions: { business_hours_only: 'no' } } }],
    ])('never with a wrong or foreign %s: %j', async (member, body) => {
      const answer = await create(body);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([422, expect.stringContaining(`"${member}"`)]);
    });

    it.each([
      ['Token expiration is required by server policy', { expires_in_days: undefined }],
      ['is not a permission', { scope: { permissions: ['tools.fly'] } }],
      ['is not an IP address or CIDR block', { scope: { ip_restrictions: ['10.0.0.0/33'] } }],
      ['is not an IP address or CIDR block', { scope: { ip_restrictions: ['localhost'] } }],
      ['is not an IP address or CIDR block', { scope: { ip_restrictions: [''] } }],
    ])('and 400 says that it %s', async (text, body) => {
      const answer = await create(body);
      expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(text)]);
    });

    it('under a name of its own', async () => {
      expect((await create({ name: 'twice' })).status).toBe(201);
      const again = await create({ name: 'twice' });
      expect([again.status, again.body.message]).toEqual([409, expect.stringContaining('already exists')]);
      expect((await create({ name: 'twice' }, annSession)).status).toBe(201);
    });

    it('holding no more than their maker', async () => {
      const answer = await create({ scope: { permissions: ['tools.read', 'tools.execute'] } }, annSession);
      expect([answer.status, answer.body.detail]).toEqual([
        400,
        "scope.permissions: Cannot grant permission 'tools.execute' - not in your effective permissions.",
      ]);
      for (const permissions of [['*'], ['admin.*'], ['gateways.create']])
        expect((await create({ scope: { permissions } }, annSession)).status).toBe(400);
      const { text } = await mint({}, annSession);
      expect(await statusOf('/version', text)).toBe(403);
    });

    it('by a session whose restrictions restrict nothing', async () => {
      const scopes = { server_id: null, permissions: ['*'], ip_restrictions: [], time_restrictions: {} };
      expect((await create({}, signedToken({ token_use: 'session', scopes }))).status).toBe(201);
    });

    it.each([
      ['permissions', { scopes: { permissions: ['tokens.create', 'tools.read'] } }],
      ['teams', { teams: ['a-team'] }],
      ['addresses', { scopes: { ip_restrictions: ['127.0.0.0/8'] } }],
    ])('never by a session that is restricted to some %s', async (_, claims) => {
      const narrowed = signedToken({ token_use: 'session', ...claims });
      const { status, body } = await create({}, narrowed);
      expect([status, body.detail]).toEqual([403, 'A session that is itself restricted cannot create tokens']);
    });
  });

  describe('are managed', () => {
    it('in pages, the revoked ones only when asked for', async () => {
      const bob = await addUser(running, 'bob@example.com');
      const session = signedToken({ sub: bob.id, token_use: 'session' });
      const made: string[] = [];
      for (let count = 0; count < 5; count += 1) made.push((await mint({}, session)).id);
      await running.rest('DELETE', `/tokens/${made[2]}`, undefined, session);
      const list = async (query: string) => (await running.rest('GET', `/tokens${query}`, undefined, session)).body;
      expect(await list('')).toMatchObject({ total: 4, limit: 50, offset: 0 });
      expect((await list('?include_inactive=true')).total).toBe(5);
      const pages = [await list('?limit=3'), await list('?limit=3&offset=3')];
      const ids: string[] = pages.flatMap(({ tokens }) => tokens.map(({ id }: { id: string }) => id));
      expect(ids.toSorted()).toEqual(made.filter((_, index) => index !== 2).toSorted());
    });

    it.each(['limit=0', 'limit=501', 'limit=x', 'offset=-1', 'limit=1&limit=2', 'owner=eve', 'include_inactive=maybe'])(
      'and %s is 422',
      async (query) => {
        expect(await statusOf(`/tokens?${query}`, running.session)).toBe(422);
      },
    );

    it('by nobody but their maker', async () => {
      const { id, text } = await mint({}, annSession);
      for (const method of ['GET', 'DELETE'])
        expect(await statusOf(`/tokens/${id}`, running.session, method)).toBe(404);
      expect(await statusOf('/tools', text)).toBe(200);
      expect(await statusOf(`/tokens/${id}`, annSession)).toBe(200);
    });

    it.each([NOTHING, '..', '%2e%2e', '%00', "'%20OR%201=1", '9223372036854775808', '%ff', 'x'.repeat(300)])(
      'and %s is 404 or 400',
      async (id) => {
        for (const method of ['GET', 'DELETE'])
          expect([400, 404]).toContain(await statusOf(`/tokens/${id}`, running.session, method));
      },
    );

    it('never by a token', async () => {
      const { id, text } = await mint({ permissions: ['*'] });
      const foreign = signedToken({ teams: null });
      for (const token of [text, foreign]) {
        for (const [method, path] of [
          ['POST', '/tokens'],
          ['GET', '/tokens'],
          ['GET', `/tokens/${id}`],
          ['DELETE', `/tokens/${id}`],
        ] as const) {
          const body = method === 'POST' ? { name: freshName(), expires_in_days: 1 } : undefined;
          const answer = await running.rest(method, path, body, token);
          expect([answer.status, answer.body.code]).toEqual([403, 'session_required']);
          expect(answer.body.detail).toMatch(/^Token management requires an interactive session/);
        }
      }
    });
  });

  describe('scoped to a server', () => {
    it('open it and nothing else', async () => {
      const { text } = await mint({ server_id: serverId });
      const hyphens = serverId.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
      for (const id of [serverId, serverId.toUpperCase(), hyphens]) {
        expect((await listAt(`/servers/${id}/mcp`, text)).body.result.tools.length).toBeGreaterThan(0);
        expect(await statusOf(`/servers/${id}`, text)).toBe(200);
        expect(await statusOf(`/servers/${id}/tools`, text)).toBe(200);
      }
      const closed = await Promise.all(
        routesOf(running.gateway.app)
          .filter(({ policy }) => policy?.kind !== 'public')
          .map(async ({ method, path, policy }) => {
            const concrete = path.replace(':serverId', otherServerId).replaceAll(/:\w+/g, NOTHING);
            if (policy?.kind === 'mcp') return (await listAt(concrete, text)).status;
            return statusOf(concrete, text, method);
          }),
      );
      expect(new Set(closed)).toEqual(new Set([403]));
    });

    it('that does not exist, open nothing', async () => {
      const { text } = await mint({ server_id: NOTHING });
      expect((await listAt(`/servers/${NOTHING}/mcp`, text)).status).toBe(404);
      for (const door of doors()) expect((await listAt(door, text)).status).toBe(403);
    });

    it('are held to it in a batch', async () => {
      const { text } = await mint({ server_id: serverId });
      const batch = [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }];
      expect((await postMcp(`${running.url}/servers/${serverId}/mcp`, text, batch)).status).toBe(200);
      for (const door of ['/mcp', `/servers/${otherServerId}/mcp`])
        expect((await postMcp(running.url + door, text, batch)).status).toBe(403);
    });
  });

  describe('capped to permissions', () => {
    const METHODS: readonly (readonly [string, object, string])[] = [
      ['tools/list', {}, 'tools.read'],
      ['tools/call', { name: 'up-echo', arguments: { text: 'x' } }, 'tools.execute'],
      ['resources/list', {}, 'resources.read'],
      ['resources/templates/list', {}, 'resources.read'],
      ['resources/read', { uri: 'test://static/text' }, 'resources.read'],
      ['prompts/list', {}, 'prompts.read'],
      ['prompts/get', { name: 'up-nothing' }, 'prompts.read'],
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'up-nothing' }, argument: { name: 'a', value: '' } },
        'prompts.read',
      ],
    ];
    const open = (status: number): boolean => status !== 403;

    it.each(['tools.read', 'tools.execute', 'resources.read', 'prompts.read', 'servers.use'])(
      '%s opens just that over MCP',
      async (permission) => {
        const { text } = await mint({ permissions: [permission] });
        for (const door of doors()) {
          const allowed: string[] = [];
          for (const [method, params] of METHODS) {
            const { status, headers, body } = await callMcp(running.url + door, text, method, params);
            if (open(status)) allowed.push(method);
            else {
              expect(headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope"/);
              expect(body).toMatchObject({ id: 1, error: { message: expect.stringContaining('Access denied') } });
            }
          }
          expect(allowed).toEqual(METHODS.filter(([, , needed]) => needed === permission).map(([method]) => method));
          expect((await callMcp(running.url + door, text, 'ping')).body.result).toEqual({});
        }
      },
    );

    it('hold for each message of a batch', async () => {
      const { text } = await mint({ permissions: ['tools.read'] });
      const batch = [
        { jsonrpc: '2.0', id: 1, method: 'tools/list' },
        { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'up-echo', arguments: { text: 'x' } } },
      ];
      const before = upstream.calls.of('tools/call').length;
      const { body } = await postMcp(`${running.url}/mcp`, text, batch);
      expect(body[0].result.tools.length).toBeGreaterThan(0);
      expect(body[1].error.message).toContain('Access denied');
      expect(upstream.calls.of('tools/call').length).toBe(before);
    });

    it.each([
      ['tools.read', ['GET /tools/:toolId', 'GET /tools', 'GET /servers/:serverId/tools']],
      ['gateways.read', ['GET /gateways/:gatewayId/health', 'GET /gateways/:gatewayId', 'GET /gateways']],
      ['tokens.read', []],
      ['admin.security_audit', ['GET /usage']],
      [
        'gateways.*',
        [
          'GET /gateways/:gatewayId/health',
          'POST /gateways/:gatewayId/refresh',
          'POST /gateways/:gatewayId/state',
          'POST /gateways/:gatewayId/toggle',
          'POST /gateways/:gatewayId/tools/refresh',
          'DELETE /gateways/:gatewayId',
          'GET /gateways/:gatewayId',
          'PUT /gateways/:gatewayId',
          'GET /gateways',
          'POST /gateways',
        ],
      ],
    ])('%s opens just that over REST', async (permission, expected) => {
      const { text } = await mint({ permissions: [permission] });
      const reached: string[] = [];
      for (const { method, path, policy } of routesOf(running.gateway.app)) {
        if (policy?.kind !== 'permission') continue;
        const status = await statusOf(path.replaceAll(/:\w+/g, NOTHING), text, method);
        if (open(status)) reached.push(`${method} ${path}`);
      }
      expect(reached.toSorted()).toEqual(expected.toSorted());
    });
  });

  describe('bound to addresses', () => {
    it.each([
      [200, ['127.0.0.1']],
      [200, ['127.0.0.0/8']],
      [200, ['203.0.113.0/24', '0.0.0.0/0']],
      [403, ['127.0.0.2']],
      [403, ['10.0.0.0/8', '::1', 'fe80::/10']],
      [403, ['128.0.0.0/1']],
    ])('answer %i to loopback when bound to %j', async (status, networks) => {
      const { text } = await mint({ ip_restrictions: networks });
      const headers = {
        Authorization: `Bearer ${text}`,
        'X-Forwarded-For': '127.0.0.2, 10.1.1.1',
        'X-Real-IP': '10.1.1.1',
        Forwarded: 'for=10.1.1.1',
      };
      expect((await fetch(`${running.url}/tools`, { headers })).status).toBe(status);
      expect((await listAt('/mcp', text)).status).toBe(status);
    });

    it('see an IPv4 client through an IPv6 socket', async () => {
      const both = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, HOST: '::' });
      const { port } = new URL(both.url);
      const tool = (host: string, networks: string[]) => {
        const token = signedToken({ scopes: { ip_restrictions: networks } });
        return fetch(`http://${host}:${port}/tools`, { headers: { Authorization: `Bearer ${token}` } });
      };
      expect((await tool('127.0.0.1', ['127.0.0.0/8'])).status).toBe(200);
      expect((await tool('127.0.0.1', ['::ffff:127.0.0.1'])).status).toBe(200);
      expect((await tool('127.0.0.1', ['2000::/3'])).status).toBe(403);
      expect((await tool('[::1]', ['::1'])).status).toBe(200);
      expect((await tool('[::1]', ['127.0.0.0/8'])).status).toBe(403);
      await both.stop();
    });
  });

  describe('bound to times', () => {
    /** The first instant of that weekday at least a week from now, so that no other clock has passed it. */
    const at = (weekday: number, time: string): Date => {
      const day = new Date(Date.now() + 7 * 86_400_000);
      day.setUTCDate(day.getUTCDate() + ((weekday - day.getUTCDay() + 7) % 7));
      return new Date(`${day.toISOString().slice(0, 10)}T${time}Z`);
    };

    it.each([
      ['business_hours_only', 3, '08:59:59.999', 403],
      ['business_hours_only', 3, '09:00:00.000', 200],
      ['business_hours_only', 0, '16:59:59.999', 200],
      ['business_hours_only', 3, '17:00:00.000', 403],
      ['weekdays_only', 0, '23:59:59.999', 403],
      ['weekdays_only', 1, '00:00:00.000', 200],
      ['weekdays_only', 5, '23:59:59.999', 200],
      ['weekdays_only', 6, '00:00:00.000', 403],
    ])('%s, weekday %i at %s: %i', async (rule, weekday, time, status) => {
      const { text } = await mint({ time_restrictions: { [rule]: true } });
      vi.useFakeTimers({ toFake: ['Date'], now: at(weekday, time) });
      expect(await statusOf('/tools', text)).toBe(status);
      expect((await listAt('/mcp', text)).status).toBe(status);
    });

    it('both together', async () => {
      const { text } = await mint({ time_restrictions: { business_hours_only: true, weekdays_only: true } });
      const found: number[] = [];
      for (const [weekday, time] of [
        [2, '10:00:00'],
        [2, '18:00:00'],
        [6, '10:00:00'],
      ] as const) {
        vi.useFakeTimers({ toFake: ['Date'], now: at(weekday, time) });
        found.push(await statusOf('/tools', text));
      }
      expect(found).toEqual([200, 403, 403]);
    });
  });

  describe('end', () => {
    it('when they expire, remembered or not', async () => {
      const { text } = await mint();
      const foreign = signedToken({ exp: seconds(30 * 86_400) });
      for (const token of [text, foreign]) expect(await statusOf('/tools', token)).toBe(200);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 86_400_000 + 1000 });
      for (const token of [text, foreign]) {
        for (const door of doors()) expect((await listAt(door, token)).status).toBe(401);
        const answer = await running.rest('GET', '/tools', undefined, token);
        expect([answer.status, answer.body.detail]).toEqual([401, 'Token has expired']);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      }
    });

    it('when their row is deleted', async () => {
      const { text, id } = await mint();
      await running.gateway.app.get(DataSource).manager.delete(ApiToken, { id });
      expect(await statusOf('/tools', text)).toBe(401);
    });

    it('when they are revoked, at once and everywhere', async () => {
      const { text, id } = await mint();
      const everywhere = async () => {
        const answers = await Promise.all(doors().map(async (door) => (await listAt(door, text)).status));
        return [...answers, await statusOf('/tools', text), await statusOf(`/servers/${serverId}`, text)];
      };
      expect(new Set(await everywhere())).toEqual(new Set([200]));
      const answer = await running.rest('DELETE', `/tokens/${id}`, { reason: 'leaked' });
      expect([answer.status, answer.body]).toEqual([204, undefined]);
      expect(new Set(await everywhere())).toEqual(new Set([401]));
      expect((await running.rest('GET', '/tools', undefined, text)).body.detail).toBe('Token has been revoked');
      expect((await running.rest('GET', `/tokens/${id}`)).body.is_active).toBe(false);
      expect(await statusOf(`/tokens/${id}`, running.session, 'DELETE')).toBe(204);
    });

    it('while calls with them go on', async () => {
      const { text, id } = await mint();
      await statusOf('/tools', text);
      const late = Array.from({ length: 20 }, async () => {
        await running.rest('DELETE', `/tokens/${id}`);
        return statusOf('/tools', text);
      });
      expect(new Set(await Promise.all(late))).toEqual(new Set([401]));
    });

    it('when they were minted elsewhere and their jti is taken back', async () => {
      const jti = 'minted-elsewhere';
      const token = signedToken({ jti });
      expect(await statusOf('/tools', token)).toBe(200);
      await running.gateway.app
        .get(TokenRevocations)
        .revoke({ jti, revokedBy: 'admin', reason: null, tokenExpiry: null });
      expect(await statusOf('/tools', token)).toBe(401);
      expect(await statusOf('/tools', signedToken({ jti, exp: seconds(7200) }))).toBe(401);
    });

    it('never by being altered: the row decides, not what is signed', async () => {
      const { jti } = await mint({ permissions: ['tools.read'] });
      for (const token_use of ['api', 'session', undefined])
        expect(await statusOf('/tools', signedToken({ jti, token_use }))).toBe(401);
    });
  });
});
