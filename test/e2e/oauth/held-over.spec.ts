import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { KeyFiles, pairFor } from '../../fixtures/key-files.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const CLIENT = { client_id: 'known', client_secret: 'a-fixture-secret' };
/** Of each token; its last quarter is the margin. */
const LIFE_SECONDS = 100;

describe.each(['client_credentials', 'token-exchange', 'jwt-bearer'])('a token by %s', (grant_type) => {
  const files = new KeyFiles();
  let running: RunningGateway;
  let server: ConsentingServer;
  let upstream: GuardedUpstream;
  let url: string;
  let names = 0;

  beforeAll(async () => {
    running = await RunningGateway.start({
      OAUTH_ALLOW_HTTP: 'true',
      OAUTH_MAX_RETRIES: '0',
      ...files.variables('ES256', pairFor('ES256')),
    });
  });
  afterAll(async () => {
    await running.stop();
    files.remove();
  });
  beforeEach(async () => {
    server = await ConsentingServer.start();
    Object.assign(server, { machines: true, expiresIn: LIFE_SECONDS });
    upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (token) => server.read(token) });
    const oauth_config = { grant_type, issuer: server.issuer, ...CLIENT };
    const { id } = await running.register(`held ${++names}`, upstream.url, { auth_type: 'oauth', oauth_config });
    await running.rest('POST', `/oauth/fetch-tools/${id}`);
    url = `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
    expect((await echo()).result?.isError, 'before').toBeFalsy();
    return () => Promise.all([upstream.close(), server.close()]);
  });
  afterEach(() => void vi.useRealTimers());

  const echo = async () =>
    (await callMcp(url, running.session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } })).body;
  const later = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });

  it('is used to its end while no other is to be had, for which not every call asks', async () => {
    const before = [server.tokenRequests.length, new Set(upstream.authorizations).size];
    later(0.8 * LIFE_SECONDS);
    server.down = true;
    for (let at = 0; at < 3; at += 1) expect((await echo()).result.isError).toBeFalsy();
    expect([server.tokenRequests.length, new Set(upstream.authorizations).size]).toEqual([before[0]! + 1, before[1]]);
    vi.useRealTimers();
    later(1.01 * LIFE_SECONDS);
    expect((await echo()).error).toBeDefined();
  });

  it('is followed by the next one within its margin', async () => {
    const before = server.tokenRequests.length;
    later(0.8 * LIFE_SECONDS);
    expect((await echo()).result.isError).toBeFalsy();
    expect(server.tokenRequests.length).toBe(before + 1);
  });

  it('is not used any more when the authorization server refuses the next', async () => {
    later(0.8 * LIFE_SECONDS);
    server.machines = false;
    expect((await echo()).error).toBeDefined();
  });
});
