import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChangeBus } from '../../../src/changes/change-bus.js';
import { OauthToken } from '../../../src/oauth/tokens/oauth-token.entity.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { connectAccount, consent, visit } from '../../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { addUser } from '../../fixtures/people.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const OAUTH = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };

describe('an upstream that wants a token of each user', () => {
  let server: ConsentingServer;
  let upstream: GuardedUpstream;
  let running: RunningGateway;
  let bob: string;
  let count = 0;

  beforeAll(async () => {
    running = await RunningGateway.start({
      OAUTH_ALLOW_HTTP: 'true',
      JWT_SECRET_KEY: SHARED_SECRET,
      DEFAULT_USER_ROLE: 'developer',
    });
    const { id } = await addUser(running, 'bob@example.com');
    bob = signedToken({ sub: id, token_use: 'session' });
  });
  beforeEach(async () => {
    server = await ConsentingServer.start();
    upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (token) => server.read(token) });
    return async () => {
      await upstream.close();
      await server.close();
    };
  });
  afterAll(() => running.stop());

  const register = async (more: object = OAUTH, url = upstream.url): Promise<string> => {
    const { id } = await running.register(`guarded ${++count}`, url, more);
    return id as string;
  };
  /** Of all that the upstream has, when the administrator is connected. */
  const served = async (id: string): Promise<string> => {
    await connectAccount(running, id);
    expect((await running.rest('POST', `/oauth/fetch-tools/${id}`)).status).toBe(200);
    return `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
  };
  const echo = (url: string, token = running.session) =>
    callMcp(url, token, 'tools/call', { name: 'echo', arguments: { text: 'hello' } });

  it('is connected by the user, and called with the token of that user alone', async () => {
    const id = await register();
    expect((await running.rest('GET', `/oauth/status/${id}`)).body).toMatchObject({ connected: false });
    expect(await running.rest('POST', `/oauth/fetch-tools/${id}`)).toMatchObject({
      status: 409,
      body: { code: 'oauth_unconnected' },
    });
    const page = await connectAccount(running, id);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'nonce-/);
    expect((await running.rest('GET', `/oauth/status/${id}`)).body).toMatchObject({ connected: true });
    const url = await served(id);
    expect((await echo(url)).body.result.isError).toBeFalsy();
    const { body } = await echo(url, bob);
    expect(body.result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining(`/oauth/authorize/${id}`) }],
    });
    await connectAccount(running, id, bob);
    expect((await echo(url, bob)).body.result.isError).toBeFalsy();
    const tokens = new Set(upstream.authorizations);
    expect(tokens.size).toBe(2);
    for (const own of [running.session, bob]) expect(tokens.has(`Bearer ${own}`)).toBe(false);
    for (const token of tokens) expect(server.read(token.slice(7))?.resource).toBe(upstream.url);
  });

  it('is connected by a browser that had to sign in on the way: the page says so, and comes again', async () => {
    const id = await register();
    const back = await consent(running, id);
    const headers = { Accept: 'text/html' };
    for (const path of [`/oauth/authorize/${id}`, back, '/oauth/callback/elsewhere?state=<script>']) {
      const answer = await fetch(running.url + path, { headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      const text = await answer.text();
      expect(text).toContain('Sign in');
      expect(text).not.toContain('script');
    }
    const hidden = await fetch(`${running.url}/oauth/authorize/nothing`, {
      headers: { ...headers, Authorization: `Bearer ${running.session}` },
    });
    expect([hidden.status, hidden.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect((await fetch(running.url + back)).headers.get('content-type')).toContain('application/json');
    expect((await visit(running, back)).status).toBe(200);
  });

  it('is connected by way of the client, where that can show an address', async () => {
    const url = await served(await register());
    const asks = { elicitation: { url: {} } };
    const old = new Client({ name: 'old', version: '1' }, { capabilities: asks });
    const requestInit = { headers: { Authorization: `Bearer ${bob}` } };
    await old.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    await expect(old.callTool({ name: 'echo', arguments: { text: 'hello' } })).rejects.toMatchObject({ code: -32042 });
    await old.close();
    const modern = new Client(
      { name: 'new', version: '1' },
      { capabilities: asks, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    modern.setRequestHandler('elicitation/create', async ({ params }) => {
      expect(params).toMatchObject({ mode: 'url', url: expect.stringContaining('/oauth/authorize/') });
      const id = /[0-9a-f]{32}$/.exec('url' in params ? params.url : '')?.[0] ?? '';
      await connectAccount(running, id, bob);
      return { action: 'accept' };
    });
    await modern.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    const result = await modern.callTool({ name: 'echo', arguments: { text: 'hello' } });
    expect(result.isError).toBeFalsy();
    await modern.close();
  });

  it('gets the next pair of tokens once for all calls that want it', async () => {
    const url = await served(await register());
    server.forgetAccessTokens();
    const answers = await Promise.all(Array.from({ length: 20 }, () => echo(url)));
    expect(answers.filter(({ body }) => body.result?.isError !== undefined && body.result.isError)).toEqual([]);
    expect(server.refreshes).toBe(1);
  });

  it('is called with a token that still lives while no other is to be had, for which not every call asks', async () => {
    const id = await register();
    const url = await served(id);
    const { app } = running.gateway;
    const rows = app.get(DataSource).getRepository(OauthToken);
    const [now, hour] = [Date.now(), 3_600_000];
    await rows.update({ gatewayId: id }, { updatedAt: new Date(now - hour), expiresAt: new Date(now + 100_000) });
    const { userId } = await rows.findOneByOrFail({ gatewayId: id });
    app.get(ChangeBus).publish({ kind: 'oauth_tokens_changed', gatewayId: id, userId });
    server.down = true;
    for (let at = 0; at < 5; at += 1) expect((await echo(url)).body.result.isError).toBeFalsy();
    expect(server.refreshes).toBe(1);
  });

  it('asks for another consent when the refresh token is worth nothing', async () => {
    const id = await register();
    const url = await served(id);
    server.rotateUnheard();
    expect((await echo(url)).body.result.content[0].text).toContain('Connect your account');
    await connectAccount(running, id);
    expect((await echo(url)).body.result.isError).toBeFalsy();
  });

  it('asks for all scopes, old and new, when a call needs more', async () => {
    await upstream.close();
    upstream = await GuardedUpstream.start({
      issuer: server.issuer,
      read: (token) => server.read(token),
      scope: 'mcp:write',
    });
    const id = await register();
    const url = await served(id);
    expect((await echo(url)).body.result.content[0].text).toContain('Connect your account');
    const asked = await visit(running, `/oauth/authorize/${id}`);
    expect(new URL(asked.headers.get('location') ?? '').searchParams.get('scope')).toBe('mcp:basic mcp:write');
    await connectAccount(running, id);
    expect((await echo(url)).body.result.isError).toBeFalsy();
  });

  describe('refuses an answer', () => {
    it.each([
      ['of another issuer', { iss: 'https://evil.example.com' }],
      ['with a slash too many', { iss: 'SLASH' }],
      [
        'that is an error, without showing its text',
        { error: 'access_denied', error_description: '<script>1</script>' },
      ],
    ])('%s', async (_, redirect) => {
      const id = await register();
      server.redirect = Object.fromEntries(
        Object.entries(redirect).map(([name, value]) => [name, value === 'SLASH' ? `${server.issuer}/` : value]),
      );
      const page = await connectAccount(running, id);
      expect(page.status).toBe(502);
      expect(page.text).not.toContain('script');
      expect(server.tokenRequests).toEqual([]);
    });

    it('to another user, once more, or to nothing', async () => {
      const id = await register();
      const lure = await consent(running, id);
      expect((await visit(running, lure, bob)).status).toBe(400);
      expect((await visit(running, lure)).status).toBe(400);
      const back = await consent(running, id);
      expect((await visit(running, back)).status).toBe(200);
      expect((await visit(running, back)).status).toBe(400);
      expect((await visit(running, '/oauth/callback?state=nothing&code=1')).status).toBe(400);
      expect(server.tokenRequests).toHaveLength(1);
    });
  });

  it('does not get the token for another address', async () => {
    const id = await register();
    const url = await served(id);
    const other = await GuardedUpstream.start({ issuer: server.issuer, read: () => ({ scope: '' }) });
    expect((await running.rest('PUT', `/gateways/${id}`, { url: other.url, ...OAUTH })).status).toBe(200);
    await echo(url);
    expect((await running.rest('POST', `/oauth/fetch-tools/${id}`)).status).toBe(409);
    expect(other.authorizations).toEqual([]);
    await other.close();
  });

  it('registers with a name without markup, and shows no secret of it', async () => {
    const id = await register();
    await connectAccount(running, id);
    expect(server.registrations).toMatchObject([
      {
        client_name: `MCP Gateway (guarded ${count})`,
        application_type: 'web',
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ]);
    const shown = await running.rest('GET', `/oauth/registered-clients/${id}`);
    expect(shown.status).toBe(200);
    expect(JSON.stringify(shown.body)).not.toContain('fixture');
    expect((await running.rest('GET', `/oauth/registered-clients/${id}`, undefined, bob)).status).toBe(403);
    expect((await running.rest('DELETE', `/oauth/registered-clients/${shown.body.id}`)).status).toBe(200);
    expect((await running.rest('GET', `/oauth/status/${id}`)).body).toMatchObject({ connected: false });
    expect((await running.rest('GET', `/oauth/registered-clients/${id}`)).status).toBe(404);
  });

  it('is not known any more where the upstream takes no tokens from', async () => {
    const id = await register();
    await connectAccount(running, id);
    const second = await ConsentingServer.start();
    upstream.issuer = second.issuer;
    expect((await connectAccount(running, id)).status).toBe(200);
    const { body } = await running.rest('GET', '/oauth/registered-clients');
    const known = body.clients.filter((each: { gateway_id: string }) => each.gateway_id === id);
    expect(known).toMatchObject([{ issuer: second.issuer }]);
    await second.close();
  });

  it.each([
    ['about another issuer', { issuer: 'https://other.example.com' }],
    ['without PKCE', { code_challenge_methods_supported: undefined }],
    ['with a token endpoint that is no web address', { token_endpoint: 'javascript:alert(1)' }],
    ['with an authorization endpoint that is no web address', { authorization_endpoint: 'data:text/html,x' }],
    [
      'with an authorization endpoint that looks like another',
      { authorization_endpoint: 'https://bank.example.com@evil.example.com/' },
    ],
  ])('is not connected by metadata %s', async (_, metadata) => {
    server.metadata = metadata;
    const answer = await running.rest('GET', `/oauth/authorize/${await register()}`);
    expect(answer).toMatchObject({ status: 502, body: { code: 'oauth_failed' } });
    expect(server.registrations).toEqual([]);
  });

  it('is not connected by a document inside the network', async () => {
    upstream.challenge = 'Bearer resource_metadata="http://169.254.169.254/latest/meta-data"';
    const answer = await running.rest('GET', `/oauth/authorize/${await register()}`);
    expect(answer).toMatchObject({ status: 502, body: { code: 'oauth_failed' } });
  });

  it.each([
    ['password', { grant_type: 'password' }, 'no such grant'],
    [
      'a secret for whoever the upstream names',
      { grant_type: 'authorization_code', client_id: 'a', client_secret: 'b' },
      'issuer or token_url',
    ],
    [
      'no secret',
      { grant_type: 'client_credentials', client_id: 'a', issuer: 'https://a.example.com' },
      'client_secret or private_key',
    ],
    [
      'half of the endpoints',
      { grant_type: 'authorization_code', token_url: 'https://a.example.com/t' },
      'go together',
    ],
  ])('is not registered with %s', async (_, config, rule) => {
    const wish = { name: 'refused', url: upstream.url, auth_type: 'oauth', oauth_config: config };
    const { status, body } = await running.rest('POST', '/gateways', wish);
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(rule)]);
  });

  it('keeps a secret that is masked, and only for the same authorization server', async () => {
    const config = {
      grant_type: 'authorization_code',
      client_id: 'known',
      client_secret: 'a-canary',
      issuer: server.issuer,
    };
    const id = await register({ auth_type: 'oauth', oauth_config: config });
    const { body } = await running.rest('GET', `/gateways/${id}`);
    expect(body.oauthConfig).toMatchObject({ client_id: 'known', client_secret: '*****' });
    expect(JSON.stringify(body)).not.toContain('a-canary');
    const change = (more: object) =>
      running.rest('PUT', `/gateways/${id}`, { oauth_config: { ...config, client_secret: '*****', ...more } });
    expect((await change({ scopes: ['a'] })).status).toBe(200);
    expect((await change({ issuer: 'https://evil.example.com' })).status).toBe(422);
  });
});
