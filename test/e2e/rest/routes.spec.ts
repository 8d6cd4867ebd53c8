import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PERMISSIONS } from '#libs/policy';
import { AuthenticationGuard } from '../../../src/auth/authentication.guard.js';
import { CredentialReader } from '../../../src/auth/credentials/credential-reader.js';
import { type Route, routesOf } from '../../../src/http/routes.js';
import { PermissionGuard } from '../../../src/rbac/permission.guard.js';
import { TokenScopeGuard } from '../../../src/rbac/token-scope.guard.js';
import { addUser, disableUser } from '../../fixtures/people.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { seconds, SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { startScriptedUpstream } from '../../fixtures/upstreams/scripted-upstream.js';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

describe('every route of the application', () => {
  let running: RunningGateway;
  let routes: Route[];
  let serverId: string;

  beforeAll(async () => {
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET });
    routes = routesOf(running.gateway.app);
    serverId = (await running.rest('POST', '/servers', { server: { name: 'a door' } })).body.id;
  });
  afterAll(() => running.stop());

  const closed = (): Route[] => routes.filter(({ policy }) => policy?.kind !== 'public');

  function call({ method, path, policy }: Route, headers: Record<string, string>): Promise<Response> {
    const url = running.url + path.replace(':serverId', serverId).replaceAll(/:\w+/g, 'x');
    if (policy?.kind !== 'mcp') return fetch(url, { method, headers });
    // A stream would not end.
    if (method === 'GET') return fetch(url, { headers: { Accept: 'application/json', ...headers } });
    const types = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    return fetch(url, { method: 'POST', headers: { ...types, ...headers }, body: JSON.stringify(LIST) });
  }

  /** Without the one that would take the token back in the middle of a test. */
  const lasting = (): Route[] => closed().filter(({ path }) => path !== '/auth/logout');

  async function refusals(headers: Record<string, string>, called = closed()): Promise<string[]> {
    const answers = called.map(async (route) => {
      const response = await call(route, headers);
      const text = await response.text();
      const challenge = response.headers.get('www-authenticate') ?? 'none';
      return `${response.status} ${challenge.split(' ')[0]} ${text.includes('detail') ? 'detail' : text}`;
    });
    return [...new Set(await Promise.all(answers))];
  }

  it('carries a policy', () => {
    expect(routes.filter(({ policy }) => policy === undefined)).toEqual([]);
    expect(routes.length).toBeGreaterThan(30);
  });

  it('is closed, but for these', () => {
    const open = routes
      .filter(({ policy }) => policy?.kind === 'public')
      .map(({ method, path }) => `${method} ${path}`);
    expect(open).toEqual([
      'GET /.well-known/jwks.json',
      'GET /.well-known/oauth-protected-resource/servers/:id/mcp',
      'POST /auth/email/change-password-required',
      'POST /auth/email/forgot-password',
      'POST /auth/email/login',
      'POST /auth/email/register',
      'GET /auth/email/reset-password/:token',
      'POST /auth/email/reset-password/:token',
      'POST /auth/login',
      'POST /auth/sso/backchannel-logout/:provider',
      'GET /auth/sso/callback/:provider',
      'GET /auth/sso/login/:provider',
      'GET /auth/sso/providers',
      'GET /health',
      'GET /oauth/client.json',
      'GET /ready',
      'GET /servers/:id/.well-known/oauth-protected-resource',
    ]);
  });

  describe('answers 401 with a challenge to', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const valid = signedToken();
    const [head = '', claims = '', signature = ''] = valid.split('.');
    const byRsa = `${Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url')}.${claims}`;
    const none = (alg: string) => signedToken({}, { header: { alg, typ: 'JWT' }, hash: undefined });
    const bearers: Record<string, string | undefined> = {
      'no token': undefined,
      'an empty token': 'Bearer ',
      garbage: 'Bearer garbage',
      'three parts of garbage': 'Bearer a.b.c',
      'a megabyte of dots': `Bearer ${'.'.repeat(8000)}`,
      'the scheme Basic': `Basic ${Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64')}`,
      'a bare token': valid,
      'an expired token': `Bearer ${signedToken({ exp: seconds(-1) })}`,
      'a token of tomorrow': `Bearer ${signedToken({ nbf: seconds(60) })}`,
      'a token without exp': `Bearer ${signedToken({ exp: undefined })}`,
      'an exp that is text': `Bearer ${signedToken({ exp: String(seconds(60)) })}`,
      'an exp beyond all time': `Bearer ${signedToken({ exp: 1e308 })}`,
      'a token without jti': `Bearer ${signedToken({ jti: undefined })}`,
      'a token without sub': `Bearer ${signedToken({ sub: undefined })}`,
      'another issuer': `Bearer ${signedToken({ iss: 'elsewhere' })}`,
      'another audience': `Bearer ${signedToken({ aud: 'elsewhere' })}`,
      'another environment': `Bearer ${signedToken({ env: 'staging' })}`,
      'another key': `Bearer ${signedToken({}, { secret: 'another secret of more than 32 characters' })}`,
      'a stranger': `Bearer ${signedToken({ sub: 'stranger@example.com' })}`,
      'malformed teams': `Bearer ${signedToken({ teams: 'all' })}`,
      'malformed scopes': `Bearer ${signedToken({ scopes: { permissions: 'all' } })}`,
      'an unknown restriction': `Bearer ${signedToken({ scopes: { only_on_sundays: true } })}`,
      'a token that claims to be in the catalogue': `Bearer ${signedToken({ token_use: 'api' })}`,
      'a critical extension': `Bearer ${signedToken({}, { header: { alg: 'HS256', crit: ['b64'], b64: false } })}`,
      'no signature': `Bearer ${head}.${claims}.`,
      'half a signature': `Bearer ${head}.${claims}.${signature.slice(0, 20)}`,
      'other claims under a signature': `Bearer ${head}.${signedToken({ sub: 'x' }).split('.')[1]}.${signature}`,
      'the algorithm none': `Bearer ${none('none')}`,
      'the algorithm NoNe': `Bearer ${none('NoNe')}`,
      'the algorithm HS512': `Bearer ${signedToken({}, { header: { alg: 'HS512' }, hash: 'sha512' })}`,
      'the algorithm RS256': `Bearer ${byRsa}.${sign('sha256', Buffer.from(byRsa), privateKey).toString('base64url')}`,
    };

    it.each(Object.keys(bearers))('%s', async (name) => {
      const authorization = bearers[name];
      expect(await refusals(authorization === undefined ? {} : { authorization })).toEqual(['401 Bearer detail']);
    });

    it('a cookie, a query and other headers that name a token', async () => {
      const names = { cookie: `jwt_token=${valid}; access_token=${valid}`, 'x-authenticated-user': ADMIN.email };
      expect(await refusals({ ...names, 'proxy-authorization': `Bearer ${valid}` })).toEqual(['401 Bearer detail']);
      expect((await fetch(`${running.url}/tools?token=${valid}&access_token=${valid}`)).status).toBe(401);
    });

    it('a token that was revoked', async () => {
      const { body } = await running.rest('POST', '/tokens', { name: 'short-lived', expires_in_days: 1 });
      const headers = { authorization: `Bearer ${body.access_token}` };
      expect(await refusals(headers)).not.toContain('401 Bearer detail');
      await running.rest('DELETE', `/tokens/${body.token.id}`);
      expect(await refusals(headers)).toEqual(['401 Bearer detail']);
    });

    it('a token of an account that was disabled, at once', async () => {
      const user = await addUser(running, 'leaver@example.com');
      const headers = { authorization: `Bearer ${signedToken({ sub: user.id, token_use: 'session' })}` };
      expect(await refusals(headers, lasting())).not.toContain('401 Bearer detail');
      await disableUser(running, user);
      expect(await refusals(headers)).toEqual(['401 Bearer detail']);
    });
  });

  it('takes a valid token, whatever the case of its scheme', async () => {
    for (const scheme of ['Bearer', 'bearer', 'bEaReR'])
      expect(
        (await fetch(`${running.url}/tools`, { headers: { authorization: `${scheme} ${signedToken()}` } })).status,
      ).toBe(200);
  });

  it('answers 403 to a token capped to everything but its permission', async () => {
    const reached: string[] = [];
    for (const route of closed()) {
      const { policy } = route;
      if (policy?.kind !== 'permission' && policy?.kind !== 'mcp') continue;
      const { permission } = policy;
      // What touches items implies servers.use.
      const others = Object.keys(PERMISSIONS).filter(
        (name) => name !== permission && !(permission === 'servers.use' && /^(tools|resources|prompts)\./.test(name)),
      );
      const token = signedToken({ token_use: 'session', teams: null, scopes: { permissions: others } });
      const { status } = await call(route, { authorization: `Bearer ${token}` });
      if (status !== 403) reached.push(`${route.method} ${route.path} ${status}`);
    }
    expect(reached).toEqual([]);
  });

  it('answers 403 to a person whose role lacks its permission', async () => {
    const { id } = await addUser(running, 'viewer@example.com');
    const headers = { authorization: `Bearer ${signedToken({ sub: id, token_use: 'session' })}` };
    const denied = await Promise.all(
      lasting().map(async (route) =>
        (await call(route, headers)).status === 403 ? [`${route.method} ${route.path}`] : [],
      ),
    );
    expect(denied.flat()).toEqual([
      'GET /admin/config/passthrough-headers',
      'PUT /admin/config/passthrough-headers',
      'DELETE /admin/keys/jwt/:kid',
      'POST /admin/keys/jwt/rotate',
      'GET /admin/keys/jwt',
      'POST /admin/keys/rotate',
      'GET /admin/keys',
      'GET /admin/plugins/:name',
      'PUT /admin/plugins/:name',
      'GET /admin/plugins/stats',
      'GET /admin/plugins',
      'PUT /admin/plugins',
      'POST /admin/tool-integrity/:toolId/approve',
      'POST /admin/tool-integrity/:toolId/block',
      'GET /admin/tool-integrity/:toolId',
      'GET /admin/tool-integrity',
      'GET /api/logs/audit-trails',
      'GET /api/logs/plugin-events',
      'GET /auth/email/admin/events',
      'POST /auth/email/admin/users/:email/unlock',
      'DELETE /auth/email/admin/users/:email',
      'GET /auth/email/admin/users/:email',
      'PATCH /auth/email/admin/users/:email',
      'PUT /auth/email/admin/users/:email',
      'GET /auth/email/admin/users',
      'POST /auth/email/admin/users',
      // A token signed elsewhere belongs to no session.
      'POST /auth/refresh',
      'DELETE /auth/sso/admin/identities/:id',
      'GET /auth/sso/admin/identities',
      'POST /auth/sso/admin/identities',
      'DELETE /auth/sso/admin/providers/:id',
      'GET /auth/sso/admin/providers/:id',
      'PUT /auth/sso/admin/providers/:id',
      'GET /auth/sso/admin/providers',
      'POST /auth/sso/admin/providers',
      'POST /auth/sso/pending-approvals/:id/action',
      'GET /auth/sso/pending-approvals',
      'POST /gateways/:gatewayId/refresh',
      'POST /gateways/:gatewayId/state',
      'POST /gateways/:gatewayId/toggle',
      'POST /gateways/:gatewayId/tools/refresh',
      'DELETE /gateways/:gatewayId',
      'PUT /gateways/:gatewayId',
      'POST /gateways',
      'POST /oauth/fetch-tools/:gatewayId',
      'DELETE /oauth/registered-clients/:clientId',
      'GET /oauth/registered-clients/:gatewayId',
      'GET /oauth/registered-clients',
      'GET /plugins',
      'POST /policies/:id/activate',
      'POST /policies/:id/deactivate',
      'GET /policies/:id/shadow',
      'GET /policies/:id/versions',
      'DELETE /policies/:id',
      'GET /policies/:id',
      'PUT /policies/:id',
      'GET /policies/schema',
      'POST /policies/simulate',
      'GET /policies',
      'POST /policies',
      'POST /prompts/:promptId/state',
      'POST /prompts/:promptId/toggle',
      'DELETE /prompts/:promptId',
      'PUT /prompts/:promptId',
      'POST /prompts',
      'GET /rbac/audit',
      'POST /rbac/permissions/check',
      'POST /rbac/permissions/explain',
      'GET /rbac/permissions/user/:email',
      'DELETE /rbac/roles/:id',
      'GET /rbac/roles/:id',
      'PUT /rbac/roles/:id',
      'GET /rbac/roles',
      'POST /rbac/roles',
      'DELETE /rbac/users/:email/roles/:role_id',
      'GET /rbac/users/:email/roles',
      'POST /rbac/users/:email/roles',
      'POST /resources/:resourceId/state',
      'POST /resources/:resourceId/toggle',
      'DELETE /resources/:resourceId',
      'PUT /resources/:resourceId',
      'POST /resources',
      'DELETE /scim/v2/Groups/:id',
      'GET /scim/v2/Groups/:id',
      'PATCH /scim/v2/Groups/:id',
      'PUT /scim/v2/Groups/:id',
      'GET /scim/v2/Groups',
      'POST /scim/v2/Groups',
      'GET /scim/v2/ResourceTypes/:name',
      'GET /scim/v2/ResourceTypes',
      'GET /scim/v2/Schemas/:urn',
      'GET /scim/v2/Schemas',
      'GET /scim/v2/ServiceProviderConfig',
      'DELETE /scim/v2/Users/:id',
      'GET /scim/v2/Users/:id',
      'PATCH /scim/v2/Users/:id',
      'PUT /scim/v2/Users/:id',
      'GET /scim/v2/Users',
      'POST /scim/v2/Users',
      'POST /servers/:serverId/state',
      'POST /servers/:serverId/toggle',
      'DELETE /servers/:serverId',
      'PUT /servers/:serverId',
      'POST /servers',
      'POST /teams/:teamId/explain',
      'GET /teams/:teamId/history',
      'GET /teams/:teamId/invitations',
      'POST /teams/:teamId/invitations',
      'POST /teams/:teamId/join-requests/:requestId/approve',
      'DELETE /teams/:teamId/join-requests/:requestId',
      'GET /teams/:teamId/join-requests',
      'DELETE /teams/:teamId/members/:email',
      'PUT /teams/:teamId/members/:email',
      'POST /teams/:teamId/members',
      'DELETE /teams/:teamId/roles/:assignmentId',
      'GET /teams/:teamId/roles',
      'POST /teams/:teamId/roles',
      'DELETE /teams/:teamId',
      'PUT /teams/:teamId',
      'DELETE /teams/invitations/:invitationId',
      'POST /teams',
      'DELETE /tokens/admin/:id',
      'GET /tokens/admin/all',
      'POST /tools/:toolId/state',
      'POST /tools/:toolId/toggle',
      'DELETE /tools/:toolId',
      'PUT /tools/:toolId',
      'DELETE /tools/plugin_bindings/:bindingId',
      'POST /tools/plugin_bindings',
      'POST /tools',
      'GET /usage',
      'GET /version',
    ]);
  });

  it.each([
    ['narrowed to a team', ['x']],
    ['narrowed to nothing', []],
  ])('gives an administrator’s token %s no administration', async (_, teams) => {
    const headers = { authorization: `Bearer ${signedToken({ teams })}` };
    for (const path of ['/usage', '/rbac/audit', '/api/logs/audit-trails', '/version'])
      expect((await fetch(running.url + path, { headers })).status).toBe(403);
  });

  describe('that is open', () => {
    it('says nothing but whether', async () => {
      expect(await (await fetch(`${running.url}/health`)).json()).toEqual({ status: 'healthy' });
      expect(await (await fetch(`${running.url}/ready`)).json()).toEqual({ status: 'ready' });
    });

    it('does not tell an unknown account from a wrong password', async () => {
      const login = (email: string) => running.rest('POST', '/auth/login', { email, password: 'wrong' }, null);
      const [known, unknown] = [await login(ADMIN.email), await login('nobody@example.com')];
      expect(known.status).toBe(401);
      expect(known.body).toEqual(unknown.body);
      expect([...known.headers.keys()]).toEqual([...unknown.headers.keys()]);
    });
  });

  it('asks upstreams nothing on behalf of those who may not call', async () => {
    const upstream = await startScriptedUpstream({});
    const body = { name: 'x', url: upstream.url };
    expect((await running.rest('POST', '/gateways', body, null)).status).toBe(401);
    expect((await running.rest('POST', '/gateways', body, signedToken({ teams: [] }))).status).toBe(403);
    expect(upstream.calls.requests).toEqual([]);
    await upstream.close();
  });
});

describe('a gateway whose guards are wired wrongly', () => {
  afterEach(() => vi.restoreAllMocks());

  it('does not start when strangers reach a handler', async () => {
    vi.spyOn(AuthenticationGuard.prototype, 'canActivate').mockReturnValue(true);
    vi.spyOn(TokenScopeGuard.prototype, 'canActivate').mockReturnValue(true);
    vi.spyOn(PermissionGuard.prototype, 'canActivate').mockReturnValue(true);
    await expect(RunningGateway.start()).rejects.toThrow(
      /without a valid credential are not refused: .*GET \/version \(200\)/,
    );
  });

  it('does not start when the bodies of strangers are read', async () => {
    vi.spyOn(AuthenticationGuard.prototype, 'canActivate').mockReturnValue(true);
    await expect(RunningGateway.start()).rejects.toThrow(
      /without a valid credential are not refused: POST \/mcp \(415\)/,
    );
  });

  it('does not start when a bad credential makes somebody nobody, where nobody is let in', async () => {
    vi.spyOn(CredentialReader.prototype, 'read').mockReturnValue({ source: 'none' });
    await expect(RunningGateway.start({ MCP_REQUIRE_AUTH: 'false', AUTH_REQUIRED: 'false' })).rejects.toThrow(
      /without a valid credential are not refused: POST \/mcp \(415\).*GET \/tools \(200\)/,
    );
  });
});
