import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { newPair } from '../../fixtures/key-files.js';
import { visit } from '../../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { AGENT, OidcProvider } from '../../fixtures/oauth/oidc-provider.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

describe('an upstream that wants a token of the gateway itself', () => {
  let provider: OidcProvider;
  let upstream: GuardedUpstream;
  let running: RunningGateway;
  const refused = new Set<string>();
  const pair = newPair('ES256');

  beforeAll(async () => {
    provider = await OidcProvider.start('jwt');
    // As an upstream has to: by the audience that the provider has put into it.
    upstream = await GuardedUpstream.start({
      issuer: provider.issuer,
      read: (token) =>
        token !== '' && !refused.has(token) && decodeJwt(token).aud === upstream.url ? { scope: '' } : undefined,
    });
    running = await RunningGateway.start({
      OAUTH_ALLOW_HTTP: 'true',
      DCR_ALLOWED_ISSUERS: 'https://trusted.example.com',
      SECRET_REFERENCES_ALLOWED: 'env://',
      SECRET_REFERENCES_ENVIRONMENT: 'CLIENT_KEY,AGENT_SECRET',
      CLIENT_KEY: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      AGENT_SECRET: AGENT.secret,
    });
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
    await provider.close();
  });

  const config = (more: object = {}) => ({
    auth_type: 'oauth',
    oauth_config: {
      grant_type: 'client_credentials',
      client_id: AGENT.id,
      client_secret: AGENT.secret,
      issuer: provider.issuer,
      scopes: ['tools.read'],
      ...more,
    },
  });

  it('is registered, called and checked with tokens for it alone, and with another after a refusal', async () => {
    const { id } = await running.register('machine', upstream.url, config());
    const url = `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
    const echo = () => callMcp(url, running.session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } });
    expect((await echo()).body.result.content[0].text).toContain('hello');
    expect((await running.rest('GET', `/gateways/${id}/health`)).body).toMatchObject({ reachable: true });
    const before = upstream.authorizations.at(-1)?.slice(7) ?? '';
    for (const authorization of upstream.authorizations) refused.add(authorization.slice(7));
    expect((await echo()).body.result.content[0].text).toContain('hello');
    expect(upstream.authorizations.at(-1)).not.toBe(`Bearer ${before}`);
    for (const authorization of upstream.authorizations) expect(authorization).not.toContain(running.session);
  });

  it('is not registered with a secret that is wrong', async () => {
    const wish = {
      name: 'wrong',
      url: upstream.url,
      transport: 'STREAMABLEHTTP',
      ...config({ client_secret: 'a wrong one' }),
    };
    const { status, body } = await running.rest('POST', '/gateways', wish);
    expect([status, body.code]).toEqual([502, 'oauth_failed']);
    expect(JSON.stringify(body)).not.toContain('wrong one');
  });

  it('is proven a client by a private key that is kept elsewhere', async () => {
    const server = await ConsentingServer.start();
    const other = await GuardedUpstream.start({ issuer: server.issuer, read: () => undefined });
    const key = { client_secret: undefined, private_key: 'env://CLIENT_KEY', issuer: server.issuer };
    const wish = { name: 'by key', url: other.url, transport: 'STREAMABLEHTTP', ...config(key) };
    const { body } = await running.rest('POST', '/gateways', wish);
    expect(body.code).toBe('oauth_failed');
    const assertion = server.tokenRequests[0]?.get('client_assertion') ?? '';
    const { payload } = await jwtVerify(assertion, pair.publicKey, { audience: server.issuer });
    expect(payload.sub).toBe(AGENT.id);
    await other.close();
    await server.close();
  });

  it('is called with a secret that is kept elsewhere, which is never shown', async () => {
    const secret = { client_secret: 'env://AGENT_SECRET' };
    const { id } = await running.register('elsewhere', upstream.url, config(secret));
    const url = `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
    const { body } = await callMcp(url, running.session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } });
    expect(body.result.content[0].text).toContain('hello');
    const { oauthConfig } = (await running.rest('GET', `/gateways/${id}`)).body;
    expect(oauthConfig).toMatchObject(secret);
    const masked = config({ client_secret: '*****' });
    expect((await running.rest('PUT', `/gateways/${id}`, masked)).body.oauthConfig).toMatchObject(secret);
  });

  it('has no secret that is kept elsewhere unless an administrator of the platform says so', async () => {
    const account = { email: 'owner@example.com', password: 'A test fixture, not a secret 7' };
    const made = await running.rest('POST', '/auth/email/admin/users', {
      ...account,
      full_name: 'Owner',
      password_change_required: false,
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const owner = (await running.rest('POST', '/auth/login', account)).body.access_token;
    const teamId = (await running.rest('POST', '/teams', { name: 'Red' }, owner)).body.id;
    const wish = { name: 'ours', url: upstream.url, transport: 'STREAMABLEHTTP', visibility: 'team', teamId };
    for (const member of ['client_secret', 'private_key']) {
      const secret = config({ [member]: 'env://AGENT_SECRET' });
      expect((await running.rest('POST', '/gateways', { ...wish, ...secret }, owner)).status).toBe(403);
    }
    const { status, body } = await running.rest('POST', '/gateways', { ...wish, ...config() }, owner);
    expect(status, JSON.stringify(body)).toBe(200);
    const changed = config({ client_secret: 'env://AGENT_SECRET' });
    expect((await running.rest('PUT', `/gateways/${body.id}`, changed, owner)).status).toBe(403);
    const { oauthConfig } = (await running.rest('GET', `/gateways/${body.id}`, undefined, owner)).body;
    expect(oauthConfig.client_secret).toBe('*****');
  });

  it.each([
    ['env://OTHER_SECRET', 'SECRET_REFERENCES_ENVIRONMENT'],
    ['vault://kv/agent#secret', 'does not let pass'],
    ['env://', 'not well made'],
  ])('is not registered with %s for a secret', async (client_secret, why) => {
    const wish = { name: 'astray', url: upstream.url, transport: 'STREAMABLEHTTP', ...config({ client_secret }) };
    const { status, body } = await running.rest('POST', '/gateways', wish);
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(why)]);
  });

  it('has no page to consent on', async () => {
    const { id } = await running.register('nobody asks', upstream.url, config());
    expect((await visit(running, `/oauth/authorize/${id}`)).status).toBe(400);
  });

  it('is where the gateway registers itself only if the operator trusts its authorization server', async () => {
    const server = await ConsentingServer.start();
    const other = await GuardedUpstream.start({ issuer: server.issuer, read: () => undefined });
    const perUser = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };
    const { id } = await running.register('not trusted', other.url, perUser);
    const { status, text } = await visit(running, `/oauth/authorize/${id}`);
    expect([status, text]).toEqual([502, expect.stringContaining('DCR_ALLOWED_ISSUERS')]);
    expect(server.registrations).toEqual([]);
    await other.close();
    await server.close();
  });
});
