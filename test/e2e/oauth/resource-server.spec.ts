import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OauthGate } from '../../fixtures/oauth/oauth-gate.js';
import { ScriptedIssuer } from '../../fixtures/oauth/scripted-issuer.js';
import { addUser, disableUser } from '../../fixtures/people.js';
import { postMcp } from '../../fixtures/call-mcp.js';
import { seconds, signedToken } from '../../fixtures/signed-token.js';

const SCOPE = 'tools.read tools.execute';
const EVERYWHERE = 'https://gate.example.com/everything';

describe('a virtual server with OAuth', () => {
  let idp: ScriptedIssuer;
  let foreign: ScriptedIssuer;
  let unnamed: ScriptedIssuer;
  let asked: ScriptedIssuer;
  let gate: OauthGate;
  let server: string;
  let other: string;
  let hidden: string;
  let plain: string;
  let introspecting: string;

  beforeAll(async () => {
    const start = () => ScriptedIssuer.start();
    [idp, foreign, unnamed, asked] = await Promise.all([start(), start(), start(), start()]);
    gate = await OauthGate.start(
      [
        {
          issuer: idp.issuer,
          audiences: [EVERYWHERE],
          clients: ['agent', 'other-agent'],
          users: { ann: 'ann@example.com', disabled: 'dan@example.com', root: 'admin@example.com' },
          email_domains: ['corp.example.com'],
        },
        {
          issuer: unnamed.issuer,
          email_domains: ['guests.example.com'],
          unknown_users: true,
          scopes: { 'mcp:read': ['tools.read', 'resources.read', 'prompts.read'], 'mcp:run': ['tools.execute'] },
        },
        {
          issuer: asked.issuer,
          users: { ann: 'ann@example.com' },
          permissions: ['tools.read'],
          introspection: { endpoint: `${asked.issuer}/introspect`, client_id: 'gate', client_secret: 'gate' },
        },
      ],
      { MCP_REQUIRE_AUTH: 'false' },
    );
    for (const email of ['ann@example.com', 'bob@corp.example.com', 'bob@elsewhere.example.com'])
      await addUser(gate.running, email);
    await disableUser(gate.running, await addUser(gate.running, 'dan@example.com'));
    server = await gate.serve([idp.issuer]);
    other = await gate.serve([idp.issuer, unnamed.issuer]);
    hidden = await gate.serve([idp.issuer], { visibility: 'private' });
    plain = await gate.serve([]);
    introspecting = await gate.serve([asked.issuer]);
  });
  afterAll(async () => {
    await gate.stop();
    await Promise.all([idp, foreign, unnamed, asked].map((each) => each.close()));
  });

  const claims = (more: object = {}): Record<string, unknown> => ({
    sub: 'ann',
    aud: gate.resource(server),
    azp: 'agent',
    scope: SCOPE,
    ...more,
  });
  const statusOf = async (token: string, at = server): Promise<number> => (await gate.call(at, token)).status;

  describe('has a document', () => {
    const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(gate.running.url + path, { method, headers, redirect: 'manual' });
    const hyphenated = (id: string): string => id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

    const documentOf = async (id: string) =>
      (await (await fetch(gate.metadataUrl(id))).json()) as Record<string, unknown>;

    it('that is public, cacheable and readable by every page', async () => {
      const response = await fetch(gate.metadataUrl(server), { headers: { Origin: 'https://anywhere.example.net' } });
      const { headers } = response;
      expect([response.status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'application/json',
        'public, max-age=3600',
      ]);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(await response.json()).toEqual({
        resource: gate.resource(server),
        authorization_servers: [idp.issuer],
        bearer_methods_supported: ['header'],
        dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
        dpop_bound_access_tokens_required: false,
        tls_client_certificate_bound_access_tokens: false,
        scopes_supported: ['tools.read', 'tools.execute', 'resources.read', 'prompts.read'],
      });
    });

    it('that a page may ask for with the headers of MCP', async () => {
      const preflight = {
        Origin: 'https://anywhere.example.net',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'mcp-protocol-version',
      };
      const { status, headers } = await get(new URL(gate.metadataUrl(server)).pathname, preflight, 'OPTIONS');
      expect([status, headers.get('access-control-allow-headers')]).toEqual([204, 'mcp-protocol-version']);
    });

    it('to which other spellings and the older place lead', async () => {
      for (const path of [
        `/servers/${server}/.well-known/oauth-protected-resource`,
        `/servers/${hyphenated(server)}/.well-known/oauth-protected-resource`,
        `/.well-known/oauth-protected-resource/servers/${hyphenated(server)}/mcp`,
      ]) {
        const { status, headers } = await get(path);
        expect([path, status, headers.get('location')]).toEqual([path, 301, gate.metadataUrl(server)]);
      }
    });

    it('unless it is hidden, disabled, unknown or without OAuth', async () => {
      const disabled = await gate.serve([idp.issuer]);
      await gate.running.rest('POST', `/servers/${disabled}/state?activate=false`);
      for (const id of [hidden, plain, disabled, 'f'.repeat(32)]) {
        for (const path of [
          `/.well-known/oauth-protected-resource/servers/${id}/mcp`,
          `/servers/${id}/.well-known/oauth-protected-resource`,
        ]) {
          const response = await get(path);
          expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store, private']);
        }
      }
    });

    it('and no other for the gateway as a whole', async () => {
      for (const path of ['', '/', '/mcp', `?server_id=${server}`])
        expect((await get(`/.well-known/oauth-protected-resource${path}`)).status).toBe(404);
    });

    it('without scopes where its issuers name them differently, and with those of one', async () => {
      const both = await documentOf(other);
      expect(both).not.toHaveProperty('scopes_supported');
      expect(both['authorization_servers']).toEqual([idp.issuer, unnamed.issuer]);
      const own = await gate.serve([unnamed.issuer]);
      expect((await documentOf(own))['scopes_supported']).toEqual(['mcp:read', 'mcp:run']);
    });
  });

  describe('challenges', () => {
    const challenge = async (id: string, token: string | null): Promise<[number, string | null, string]> => {
      const { status, headers, body } = await gate.call(id, token);
      return [status, headers.get('www-authenticate'), body.detail];
    };
    const about = () =>
      `resource_metadata="${gate.metadataUrl(server)}", scope="tools.read tools.execute resources.read prompts.read"`;

    it('who brings nothing and names the server at the plain JSON-RPC door', async () => {
      const ask = async (server_id: string) => {
        const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { server_id } };
        return (await gate.running.rest('POST', '/rpc', body, null)).status;
      };
      expect(await ask(server)).toBe(401);
      expect(await ask(hidden)).toBe(404);
      expect(await ask(plain)).toBe(200);
    });

    it('who brings nothing, whatever MCP_REQUIRE_AUTH says', async () => {
      const text = 'This server requires OAuth authentication';
      expect(await challenge(server, null)).toEqual([401, `Bearer ${about()}`, text]);
    });

    it('who brings a bad token', async () => {
      for (const token of ['garbage', 'a.b.c', signedToken({ exp: seconds(-1) }), await foreign.sign(claims())]) {
        const [status, header] = await challenge(server, token);
        expect([status, header]).toEqual([401, `Bearer error="invalid_token", ${about()}`]);
      }
    });

    it('in a header that pages may read', async () => {
      const response = await fetch(gate.resource(server), {
        method: 'POST',
        headers: { Origin: gate.running.url, 'Content-Type': 'application/json' },
        body: '{}',
      });
      expect(response.status).toBe(401);
      expect(response.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
    });

    it('and tells nothing of a hidden one', async () => {
      for (const token of ['garbage', await foreign.sign(claims()), await idp.sign(claims())])
        expect(await challenge(hidden, token)).toEqual(await challenge('f'.repeat(32), token));
      expect((await gate.call(hidden, null)).status).toBe(404);
    });

    it('a token of its own whose permissions are too few', async () => {
      const scopes = { server_id: null, permissions: ['tools.read'], ip_restrictions: [], time_restrictions: {} };
      const token = signedToken({ teams: null, scopes });
      const { status, headers } = await gate.call(server, token, 'tools/call', { name: 'up-echo' });
      expect([status, headers.get('www-authenticate')]).toEqual([
        403,
        `Bearer error="insufficient_scope", scope="tools.execute", resource_metadata="${gate.metadataUrl(server)}"`,
      ]);
    });

    it('a token without any scope, for all that the endpoint has', async () => {
      for (const scope of [undefined, '', 'openid profile', 'tools.* *', 'admin.user_management']) {
        const { status, headers } = await gate.call(server, await idp.sign(claims({ scope })));
        expect(status).toBe(403);
        expect(headers.get('www-authenticate')).toMatch(
          /^Bearer error="insufficient_scope", scope="tools.read tools.execute [^"]+", resource_metadata="[^"]+"$/,
        );
      }
    });

    it('in the words of the issuer of the token', async () => {
      const own = await gate.serve([unnamed.issuer]);
      const guest = { sub: 'g', email: 'g@guests.example.com', email_verified: true, aud: gate.resource(own) };
      const token = await unnamed.sign({ ...guest, scp: ['mcp:read'] });
      expect((await gate.call(own, token)).status).toBe(200);
      const { headers } = await gate.call(own, token, 'tools/call', { name: 'up-echo' });
      expect(headers.get('www-authenticate')).toContain('scope="mcp:run"');
    });

    it('not by an HTTP status inside of a batch', async () => {
      const token = await idp.sign(claims({ scope: 'tools.read' }));
      const batch = [
        { jsonrpc: '2.0', id: 1, method: 'tools/list' },
        { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'up-echo', arguments: {} } },
      ];
      const { status, headers, body } = await postMcp(gate.resource(server), token, batch);
      expect([status, headers.get('www-authenticate')]).toEqual([200, null]);
      expect(body.map((each: { error?: { code: number } }) => each.error?.code)).toEqual([undefined, -32603]);
    });
  });

  describe('takes a token', () => {
    it('that is for it, of somebody with an account', async () => {
      expect(await statusOf(await idp.sign(claims()))).toBe(200);
      expect(await statusOf(await idp.sign(claims({ aud: ['https://else.example.com', gate.resource(server)] })))).toBe(
        200,
      );
      expect(await statusOf(await idp.sign(claims({ nbf: seconds(30) })))).toBe(200);
      expect(await statusOf(await idp.sign(claims(), { typ: 'JWT', x5t: 'thumbprint' }))).toBe(200);
    });

    it('with the audience that the operator set, at every server that names the issuer', async () => {
      const token = await idp.sign(claims({ aud: EVERYWHERE }));
      expect([await statusOf(token), await statusOf(token, other), await statusOf(token, introspecting)]).toEqual([
        200, 200, 401,
      ]);
    });

    it('with a verified e-mail of a domain that the issuer may speak for', async () => {
      const by = (email: string, email_verified: unknown) =>
        idp.sign(claims({ sub: 'bob', email, email_verified })).then((token) => statusOf(token));
      expect(await by('Bob@Corp.example.com', true)).toBe(200);
      for (const verified of [false, 'true', 1, undefined])
        expect(await by('bob@corp.example.com', verified)).toBe(401);
      expect(await by('bob@elsewhere.example.com', true)).toBe(401);
      expect(await by('bob@elsewhere.example.com@corp.example.com', true)).toBe(401);
      expect(await by('nobody@corp.example.com', true)).toBe(401);
    });

    it('of its own, as everywhere', async () => {
      for (const id of [server, other, hidden, plain])
        expect(await statusOf(signedToken({ teams: null }), id)).toBe(200);
    });

    it('and calls what the caller may see', async () => {
      const { status, body } = await gate.call(server, await idp.sign(claims()), 'tools/call', {
        name: 'up-echo',
        arguments: { text: 'hello' },
      });
      expect([status, body.result.content]).toEqual([200, [{ type: 'text', text: 'hello' }]]);
    });
  });

  describe('refuses a token', () => {
    const wrong: Record<string, object> = {
      'for nobody': { aud: undefined },
      'for somebody else': { aud: 'https://else.example.com' },
      'for our own audience': { aud: 'mcpgateway-api' },
      'that has expired': { exp: seconds(-1) },
      'without exp': { exp: undefined },
      'whose exp is text': { exp: '9999999999' },
      'whose exp is a fraction': { exp: seconds(60) + 0.5 },
      'of tomorrow': { nbf: seconds(3600) },
      'made in the future': { iat: seconds(3600) },
      'of another client': { azp: 'stranger' },
      'of no client': { azp: undefined },
      'of two clients, one of them a stranger': { client_id: 'stranger' },
      'of a disabled account': { sub: 'disabled' },
      'of somebody unknown': { sub: 'eve' },
      'of nobody': { sub: undefined },
      'that proves a sign-in': { nonce: 'n' },
      'that is bound to a key': { cnf: { jkt: 'A'.repeat(43) } },
      'that is bound to a certificate': { cnf: { 'x5t#S256': 'A'.repeat(43) } },
      'that is bound to nobody knows what': { cnf: { kid: 'x' } },
      'with malformed scopes': { scope: { all: true } },
    };

    it.each(Object.keys(wrong))('%s', async (name) => {
      expect(await statusOf(await idp.sign(claims(wrong[name])))).toBe(401);
    });

    it('for the server in another spelling', async () => {
      const url = gate.resource(server);
      for (const aud of [`${url}/`, url.toUpperCase(), url.replace('127.0.0.1', 'localhost'), gate.running.url])
        expect(await statusOf(await idp.sign(claims({ aud })))).toBe(401);
    });

    it('for one server at another, also when it is remembered', async () => {
      const token = await idp.sign(claims());
      expect([await statusOf(token), await statusOf(token, other), await statusOf(token)]).toEqual([200, 401, 200]);
    });

    it('of an issuer that is unknown, or that the server does not name', async () => {
      expect(await statusOf(await foreign.sign(claims()))).toBe(401);
      expect(await statusOf(await foreign.sign(claims({ iss: idp.issuer })))).toBe(401);
      const guest = { sub: 'g', email: 'g@guests.example.com', email_verified: true, scope: 'mcp:read' };
      expect(await statusOf(await unnamed.sign({ ...guest, aud: gate.resource(other) }), other)).toBe(200);
      expect(await statusOf(await unnamed.sign({ ...guest, aud: gate.resource(server) }))).toBe(401);
    });

    it('without a signature, or signed with what is public', async () => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const payload = part(claims({ iss: idp.issuer, exp: seconds(60) }));
      for (const alg of ['none', 'None', 'NONE']) {
        for (const signature of ['', 'AA'])
          expect(await statusOf(`${part({ alg, kid: idp.jwk.kid })}.${payload}.${signature}`)).toBe(401);
      }
      for (const key of [JSON.stringify(idp.jwk), idp.jwk.n ?? '', Buffer.from(idp.jwk.n ?? '', 'base64url')]) {
        const text = `${part({ alg: 'HS256', kid: idp.jwk.kid })}.${payload}`;
        const signature = createHmac('sha256', key).update(text).digest('base64url');
        expect(await statusOf(`${text}.${signature}`)).toBe(401);
      }
    });

    it('that brings a key along', async () => {
      for (const header of [{ jwk: foreign.jwk }, { jku: `${foreign.issuer}/keys` }, { x5u: foreign.issuer }])
        expect(await statusOf(await foreign.sign(claims({ iss: idp.issuer }), header))).toBe(401);
      expect(foreign.asked.size).toBe(0);
    });

    it('in the query', async () => {
      const token = await idp.sign(claims());
      const response = await fetch(`${gate.resource(server)}?access_token=${token}`, { method: 'POST', body: '{}' });
      expect(response.status).toBe(401);
    });

    it('of an account that is disabled while it is remembered', async () => {
      const user = await addUser(gate.running, 'brief@corp.example.com');
      const mail = { sub: 'brief', email: user.email, email_verified: true };
      const token = await idp.sign(claims(mail));
      expect(await statusOf(token)).toBe(200);
      await disableUser(gate.running, user);
      expect(await statusOf(token)).toBe(401);
    });

    it('anywhere but at the endpoint that it is for', async () => {
      const token = await idp.sign(claims({ sub: 'root', aud: [gate.resource(server), EVERYWHERE] }));
      expect(await statusOf(token)).toBe(200);
      for (const path of ['/mcp', '/rpc', `/servers/${plain}/mcp`])
        expect((await gate.running.rest('POST', path, { jsonrpc: '2.0', id: 1, method: 'ping' }, token)).status).toBe(
          401,
        );
      for (const path of ['/tools', '/version', `/servers/${server}`, '/auth/email/me', '/tokens'])
        expect((await gate.running.rest('GET', path, undefined, token)).status).toBe(401);
    });
  });

  it('makes nobody an administrator', async () => {
    const mine = await gate.serve([idp.issuer], { visibility: 'private' });
    const root = await idp.sign(claims({ sub: 'root', aud: gate.resource(mine) }));
    expect(await statusOf(root, mine)).toBe(200);
    const theirs = await idp.sign(claims({ aud: gate.resource(mine) }));
    expect(await statusOf(theirs, mine)).toBe(404);
    const anns = signedToken({ sub: 'ann@example.com', token_use: 'session' });
    const { status, body } = await gate.running.rest(
      'POST',
      '/servers',
      {
        name: 'of Ann',
        visibility: 'private',
        oauthEnabled: true,
        oauthConfig: { authorization_servers: [idp.issuer] },
      },
      anns,
    );
    expect(status).toBe(201);
    expect(await statusOf(await idp.sign(claims({ aud: gate.resource(body.id) })), body.id)).toBe(200);
    expect(await statusOf(await idp.sign(claims({ sub: 'root', aud: gate.resource(body.id) })), body.id)).toBe(404);
  });

  describe('that asks its issuer', () => {
    afterEach(() => {
      asked.silent = false;
    });
    const active = (more: object = {}) => ({
      active: true,
      sub: 'ann',
      exp: seconds(300),
      aud: gate.resource(introspecting),
      ...more,
    });
    let made = 0;
    const opaque = (): string => `opaque-${(made += 1)}`;

    it('asks once and remembers', async () => {
      asked.introspected = active();
      const token = opaque();
      const before = asked.asked.get('/introspect') ?? 0;
      for (const _ of [1, 2, 3]) expect(await statusOf(token, introspecting)).toBe(200);
      expect(asked.asked.get('/introspect')).toBe(before + 1);
    });

    it.each([
      ['inactive', { active: false }],
      ['active in words', { active: 'true' }],
      ['of another issuer', { iss: 'https://else.example.com' }],
      ['for another server', { aud: 'https://else.example.com' }],
      ['without an audience', { aud: undefined }],
      ['without exp', { exp: undefined }],
      ['expired', { exp: seconds(-1) }],
    ])('refuses what is %s', async (_, more) => {
      asked.introspected = active(more);
      expect(await statusOf(opaque(), introspecting)).toBe(401);
    });

    it('is refused for now while the issuer is silent', async () => {
      asked.silent = true;
      const { status, headers, body } = await gate.call(introspecting, opaque());
      expect([status, headers.get('retry-after'), body.code]).toEqual([503, '1', 'issuer_unavailable']);
    });

    it('shows no token of another door to it', async () => {
      asked.introspected = active();
      const before = asked.asked.get('/introspect');
      for (const id of [server, plain]) expect(await statusOf(opaque(), id)).toBe(401);
      expect(asked.asked.get('/introspect')).toBe(before);
    });
  });

  describe('is set up', () => {
    const create = (more: object) => gate.running.rest('POST', '/servers', { name: `s ${Math.random()}`, ...more });
    const config = () => ({ authorization_servers: [idp.issuer] });

    it('in both spellings, and shown', async () => {
      for (const wish of [
        { oauth_enabled: true, oauth_config: config() },
        { oauthEnabled: true, oauthConfig: config() },
      ]) {
        const { status, body } = await create(wish);
        expect([status, body.oauthEnabled, body.oauthConfig]).toEqual([201, true, config()]);
      }
      expect((await gate.running.rest('GET', `/servers/${plain}`)).body).toMatchObject({
        oauthEnabled: false,
        oauthConfig: null,
      });
    });

    it.each([
      ['without an issuer', { oauthEnabled: true }],
      ['with no issuers', { oauthEnabled: true, oauthConfig: { authorization_servers: [] } }],
      ['with one that is not accepted', { oauthConfig: { authorization_servers: ['https://evil.example.net'] } }],
      ['with one that is no text', { oauthEnabled: true, oauthConfig: { authorization_servers: [1] } }],
      ['with members that are not known', { oauthConfig: { authorization_servers: [], client_secret: 'x' } }],
      ['by a word', { oauthEnabled: 'yes' }],
    ])('not %s', async (_, wish) => {
      const { status, body } = await create(wish);
      expect([status, body.detail[0].loc[1].split('.')[0]]).toEqual([422, expect.stringMatching(/^oauth/)]);
    });

    it('and switched off again, at once', async () => {
      const id = await gate.serve([idp.issuer]);
      const token = await idp.sign(claims({ aud: gate.resource(id) }));
      expect(await statusOf(token, id)).toBe(200);
      await gate.running.rest('PUT', `/servers/${id}`, { oauthEnabled: false });
      expect([await statusOf(token, id), (await fetch(gate.metadataUrl(id))).status]).toEqual([401, 404]);
      await gate.running.rest('PUT', `/servers/${id}`, { oauthEnabled: true });
      expect(await statusOf(token, id)).toBe(200);
    });
  });
});
