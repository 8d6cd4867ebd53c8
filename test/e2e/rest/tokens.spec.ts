import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseSettings } from '../../../src/database/database.settings.js';
import { addUser } from '../../fixtures/people.js';
import { signedToken } from '../../fixtures/signed-token.js';
import { TokenGate } from '../../fixtures/token-gate.js';

const NOTHING = 'f'.repeat(32);

describe('API tokens', () => {
  let gate: TokenGate;
  let annSession: string;

  beforeAll(async () => {
    gate = await TokenGate.start();
    annSession = (await gate.signIn('ann@example.com')).session;
  });
  afterAll(() => gate.stop());

  describe('are minted', () => {
    it('with the contract’s answer, their text shown once', async () => {
      const scope = {
        server_id: gate.serverId,
        permissions: ['tools.read', 'tools.execute'],
        ip_restrictions: ['127.0.0.0/8', '::1'],
        time_restrictions: { weekdays_only: false },
        usage_limits: { requests_per_hour: null, requests_per_day: 1000 },
        max_uses: 5,
      };
      const { status, body } = await gate.create({ name: 'whole', description: 'What for', tags: ['a'], scope });
      expect(status).toBe(201);
      expect(body.access_token).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(body.token).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        name: 'whole',
        description: 'What for',
        user_email: 'admin@example.com',
        created_by: null,
        team_id: null,
        server_id: gate.serverId,
        resource_scopes: ['tools.read', 'tools.execute'],
        ip_restrictions: ['127.0.0.0/8', '::1'],
        time_restrictions: { weekdays_only: false },
        usage_limits: { requests_per_day: 1000 },
        max_uses: 5,
        uses: 0,
        created_at: expect.any(String),
        expires_at: expect.any(String),
        last_used: null,
        is_active: true,
        is_revoked: false,
        revoked_at: null,
        revoked_by: null,
        revocation_reason: null,
        tags: ['a'],
        dpop_jkt: null,
        x5t_s256: null,
      });
      const days = (Date.parse(body.token.expires_at) - Date.parse(body.token.created_at)) / 86_400_000;
      expect(days).toBe(30);
      const got = await gate.running.rest('GET', `/tokens/${body.token.id}`);
      expect(got.body).toEqual(body.token);
      const listed = await gate.running.rest('GET', '/tokens?limit=500');
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
      const { text } = await gate.mint();
      const signature = text.split('.')[2] ?? '';
      const folder = gate.running.gateway.app.get(DatabaseSettings).dataDir;
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
      expect(files.length).toBeGreaterThan(0);
      for (const bytes of files) expect(bytes.includes(signature)).toBe(false);
    });

    it.each([
      ['is_admin', { is_admin: true }],
      ['user_id', { user_id: NOTHING }],
      ['created_by', { created_by: 'ann@example.com' }],
      ['user_email', { user_email: 7 }],
      ['team_id', { team_id: [NOTHING] }],
      ['uses', { uses: -5 }],
      ['max_uses', { scope: { max_uses: 0 } }],
      ['jti', { jti: 'mine' }],
      ['token_hash', { token_hash: NOTHING }],
      ['is_active', { is_active: 'no' }],
      ['is_revoked', { is_revoked: false }],
      ['expires_at', { expires_at: '2099-01-01' }],
      ['usage_limits', { scope: { usage_limits: [] } }],
      ['requests_per_hour', { scope: { usage_limits: { requests_per_hour: -1 } } }],
      ['requests_per_week', { scope: { usage_limits: { requests_per_week: 1 } } }],
      ['teams', { scope: { teams: null } }],
      ['nights_only', { scope: { time_restrictions: { nights_only: true } } }],
      ['expires_in_days', { expires_in_days: 0 }],
      ['expires_in_days', { expires_in_days: '30' }],
      ['expires_in_days', { expires_in_days: 1e9 }],
      ['name', { name: '' }],
      ['name', { name: ['a'] }],
      ['name', { name: 'x'.repeat(192) }],
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
      const answer = await gate.create(body);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([422, expect.stringContaining(`"${member}"`)]);
    });

    it.each([
      ['Token expiration is required by server policy', { expires_in_days: undefined }],
      ['is not a permission', { scope: { permissions: ['tools.fly'] } }],
      ['must be at most 365', { expires_in_days: 366 }],
      ['Server not found', { scope: { server_id: NOTHING } }],
      ['is not a member of such a team', { team_id: NOTHING }],
      ['there is no such active user', { user_email: 'stranger@example.com' }],
      ['is not an IP address or CIDR block', { scope: { ip_restrictions: ['10.0.0.0/33'] } }],
      ['is not an IP address or CIDR block', { scope: { ip_restrictions: ['localhost'] } }],
      ['is not an IP address or CIDR block', { scope: { ip_restrictions: [''] } }],
    ])('and 400 says that it %s', async (text, body) => {
      const answer = await gate.create(body);
      expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(text)]);
    });

    it('under a name of its own', async () => {
      expect((await gate.create({ name: 'twice' })).status).toBe(201);
      const again = await gate.create({ name: 'twice' });
      expect([again.status, again.body.message]).toEqual([409, expect.stringContaining('already exists')]);
      expect((await gate.create({ name: 'twice' }, annSession)).status).toBe(201);
    });

    it('holding no more than their maker', async () => {
      const answer = await gate.create({ scope: { permissions: ['tools.read', 'tools.execute'] } }, annSession);
      expect([answer.status, answer.body.detail]).toEqual([
        400,
        "scope.permissions: Cannot grant permission 'tools.execute' - not in your effective permissions.",
      ]);
      for (const permissions of [['*'], ['admin.*'], ['gateways.create']])
        expect((await gate.create({ scope: { permissions } }, annSession)).status).toBe(400);
      const { text } = await gate.mint({}, annSession);
      expect(await gate.statusOf('/version', text)).toBe(403);
    });

    it('by a session whose restrictions restrict nothing', async () => {
      const scopes = { server_id: null, permissions: ['*'], ip_restrictions: [], time_restrictions: {} };
      expect((await gate.create({}, signedToken({ token_use: 'session', scopes }))).status).toBe(201);
    });

    it.each([
      ['permissions', { scopes: { permissions: ['tokens.create', 'tools.read'] } }],
      ['teams', { teams: ['a-team'] }],
      ['addresses', { scopes: { ip_restrictions: ['127.0.0.0/8'] } }],
    ])('never by a session that is restricted to some %s', async (_, claims) => {
      const narrowed = signedToken({ token_use: 'session', ...claims });
      const { status, body } = await gate.create({}, narrowed);
      expect([status, body.detail]).toEqual([
        403,
        'A session that is itself restricted cannot create or change tokens',
      ]);
    });
  });

  describe('are managed', () => {
    it('in pages, the revoked ones only when asked for', async () => {
      const bob = await addUser(gate.running, 'bob@example.com');
      const session = signedToken({ sub: bob.id, token_use: 'session' });
      const made: string[] = [];
      for (let count = 0; count < 5; count += 1) made.push((await gate.mint({}, session)).id);
      await gate.running.rest('DELETE', `/tokens/${made[2]}`, undefined, session);
      const list = async (query: string) =>
        (await gate.running.rest('GET', `/tokens${query}`, undefined, session)).body;
      expect(await list('')).toMatchObject({ total: 4, limit: 50, offset: 0 });
      expect((await list('?include_inactive=true')).total).toBe(5);
      const pages = [await list('?limit=3'), await list('?limit=3&offset=3')];
      const ids: string[] = pages.flatMap(({ tokens }) => tokens.map(({ id }: { id: string }) => id));
      expect(ids.toSorted()).toEqual(made.filter((_, index) => index !== 2).toSorted());
    });

    it.each(['limit=0', 'limit=501', 'limit=x', 'offset=-1', 'limit=1&limit=2', 'owner=eve', 'include_inactive=maybe'])(
      'and %s is 422',
      async (query) => {
        expect(await gate.statusOf(`/tokens?${query}`, gate.running.session)).toBe(422);
      },
    );

    it('by nobody but their maker', async () => {
      const { id, text } = await gate.mint({}, annSession);
      for (const method of ['GET', 'DELETE'])
        expect(await gate.statusOf(`/tokens/${id}`, gate.running.session, method)).toBe(404);
      expect(await gate.statusOf('/tools', text)).toBe(200);
      expect(await gate.statusOf(`/tokens/${id}`, annSession)).toBe(200);
    });

    it.each([NOTHING, '..', '%2e%2e', '%00', "'%20OR%201=1", '9223372036854775808', '%ff', 'x'.repeat(300)])(
      'and %s is 404 or 400',
      async (id) => {
        for (const method of ['GET', 'DELETE'])
          expect([400, 404]).toContain(await gate.statusOf(`/tokens/${id}`, gate.running.session, method));
      },
    );

    it('never by a token', async () => {
      const { id, text } = await gate.mint({ permissions: ['*'] });
      const foreign = signedToken({ teams: null });
      for (const token of [text, foreign]) {
        for (const [method, path] of [
          ['POST', '/tokens'],
          ['GET', '/tokens'],
          ['GET', `/tokens/${id}`],
          ['PUT', `/tokens/${id}`],
          ['DELETE', `/tokens/${id}`],
          ['GET', `/tokens/${id}/usage`],
          ['GET', '/tokens/admin/all'],
          ['DELETE', `/tokens/admin/${id}`],
          ['POST', `/tokens/teams/${NOTHING}`],
          ['GET', `/tokens/teams/${NOTHING}`],
        ] as const) {
          const body =
            method === 'POST' || method === 'PUT'
              ? { name: gate.freshName(), ...(method === 'POST' && { expires_in_days: 1 }) }
              : undefined;
          const answer = await gate.running.rest(method, path, body, token);
          expect([answer.status, answer.body.code]).toEqual([403, 'session_required']);
          expect(answer.body.detail).toMatch(/^Token management requires an interactive session/);
        }
      }
    });
  });
});
