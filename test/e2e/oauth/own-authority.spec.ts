import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { visit } from '../../fixtures/oauth/connect-account.js';
import { OwnAuthority } from '../../fixtures/oauth/own-authority.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { TestAuthority } from '../../fixtures/tls/test-authority.js';
import { TlsFront } from '../../fixtures/tls/tls-front.js';

const BY_USER = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };
const CLIENT = { grant_type: 'client_credentials', client_id: 'known', client_secret: 'a-fixture-secret' };

describe('an upstream that is its own authorization server, by the TLS of its gateway', () => {
  let authority: TestAuthority;
  let other: TestAuthority;
  let upstream: OwnAuthority;
  let running: RunningGateway;
  let names = 0;

  beforeAll(async () => {
    [authority, other] = await Promise.all([TestAuthority.make('Ours'), TestAuthority.make('Theirs')]);
    const front = { ...(await authority.issue()), ca: authority.ca, requestCert: true };
    upstream = await OwnAuthority.start({ ...front, rejectUnauthorized: true });
    upstream.server.machines = true;
    running = await RunningGateway.start();
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  const trust = async () => {
    const { cert, key } = await authority.issue('gate', { client: true });
    return { ca_certificate: authority.ca, client_certificate: cert, client_key: key };
  };
  const register = (more: object) =>
    running.rest('POST', '/gateways', {
      name: `own ${++names}`,
      url: upstream.url,
      transport: 'STREAMABLEHTTP',
      ...more,
    });
  const machine = (more: object = { issuer: new URL(upstream.url).origin }) => ({
    auth_type: 'oauth',
    oauth_config: { ...CLIENT, ...more },
  });

  it('gives tokens to the gateway itself', async () => {
    upstream.visits.length = 0;
    const { status, body } = await register({ ...machine(), ...(await trust()) });
    expect([status, body.reachable]).toEqual([200, true]);
    const seen = new Set(upstream.visits);
    for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-authorization-server'])
      expect(seen).toContain(path);
    expect(upstream.server.tokenRequests.at(-1)?.get('resource')).toBe(upstream.url);
  });

  it('gives tokens to a user, other ones, and takes them back', async () => {
    const { id } = (await register({ ...BY_USER, ...(await trust()) })).body;
    const asked = await visit(running, `/oauth/authorize/${id}`);
    const { search } = new URL(asked.headers.get('location') ?? '');
    const answer = await fetch(`${upstream.server.issuer}/authorize${search}`, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect((await visit(running, back.pathname + back.search)).status).toBe(200);
    expect((await running.rest('POST', `/oauth/fetch-tools/${id}`)).status).toBe(200);
    const url = `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
    upstream.server.forgetAccessTokens();
    const called = await callMcp(url, running.session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } });
    expect(called.body.result.content[0].text).toContain('hello');
    expect(upstream.server.refreshes).toBe(1);
    expect((await running.rest('DELETE', `/oauth/connections/${id}`)).body).toMatchObject({ revoked: true });
    expect(upstream.server.revocations).toHaveLength(1);
  });

  it.each([
    ['nothing', () => ({})],
    ['another authority', () => ({ ca_certificate: other.ca })],
    ['no client certificate', () => ({ ca_certificate: authority.ca })],
  ])('is not asked for tokens with %s, whoever else is', async (_, more) => {
    await register({ ...machine(), ...(await trust()) });
    const before = upstream.server.tokenRequests.length;
    const { status, body } = await register({ ...machine(), ...more() });
    expect([status, body.code, body.detail]).toEqual([502, 'oauth_failed', expect.stringContaining('cannot be used')]);
    expect(upstream.server.tokenRequests).toHaveLength(before);
  });

  it('shows its certificates to nobody else, and takes nobody else for trusted', async () => {
    const elsewhere = await TlsFront.start(
      { ...(await authority.issue()), ca: authority.ca, requestCert: true, rejectUnauthorized: false },
      `${upstream.server.issuer}/token`,
    );
    const wish = { ...machine({ token_url: elsewhere.url }), ...(await trust()) };
    expect((await register(wish)).body).toMatchObject({ code: 'oauth_failed' });
    expect(elsewhere.visits).toEqual([]);
    await elsewhere.close();
  });
});
