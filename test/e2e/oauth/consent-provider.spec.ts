import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { visit } from '../../fixtures/oauth/connect-account.js';
import { ConsentProvider } from '../../fixtures/oauth/consent-provider.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { visitProvider } from '../../fixtures/oauth/visit-provider.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

describe('an upstream behind a certified authorization server that others made', () => {
  let provider: ConsentProvider;
  let upstream: GuardedUpstream;
  let running: RunningGateway;

  beforeAll(async () => {
    provider = await ConsentProvider.start(() => upstream.url);
    upstream = await GuardedUpstream.start({
      issuer: provider.issuer,
      read: (token) => provider.read(token, upstream.url),
    });
    running = await RunningGateway.start({ OAUTH_ALLOW_HTTP: 'true' });
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
    await provider.close();
  });

  it('is connected, called, refreshed and disconnected', async () => {
    const oauth = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };
    const { id } = await running.register('certified', upstream.url, oauth);
    const asked = await visit(running, `/oauth/authorize/${id}`);
    expect(asked.status).toBe(307);
    const back = await visitProvider(provider.issuer, asked.headers.get('location') ?? '', new Map());
    expect(back.searchParams.get('iss')).toBe(provider.issuer);
    const page = await visit(running, back.pathname + back.search);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('is connected')]);
    expect((await visit(running, back.pathname + back.search)).status).toBe(400);

    expect((await running.rest('POST', `/oauth/fetch-tools/${id}`)).status).toBe(200);
    const url = `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
    const echo = async () =>
      (await callMcp(url, running.session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } })).body.result
        .content[0].text;
    expect(await echo()).toContain('hello');

    const first = upstream.authorizations.at(-1)?.slice(7) ?? '';
    await provider.expire(first);
    expect(await echo()).toContain('hello');
    const second = upstream.authorizations.at(-1)?.slice(7) ?? '';
    expect(second).not.toBe(first);
    // The refresh token is another by now, and it is that one which counts.
    await provider.expire(second);
    expect(await echo()).toContain('hello');

    const last = upstream.authorizations.at(-1)?.slice(7) ?? '';
    expect(await provider.read(last, upstream.url)).toBeDefined();
    expect((await running.rest('DELETE', `/oauth/connections/${id}`)).body).toMatchObject({ revoked: true });
    expect(await provider.read(last, upstream.url)).toBeUndefined();
    expect(await echo()).toContain('Connect your account');
  });
});
