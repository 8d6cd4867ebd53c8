import { DataSource, type Repository } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OauthToken } from '../../../src/oauth/tokens/oauth-token.entity.js';
import { TokenVault } from '../../../src/oauth/tokens/token-vault.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { connectAccount } from '../../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const OAUTH = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };
const HOUR_MS = 3_600_000;

describe('the lease by which one replica refreshes', () => {
  let running: RunningGateway;
  let server: ConsentingServer;
  let upstream: GuardedUpstream;
  let vault: TokenVault;
  let rows: Repository<OauthToken>;
  let gatewayId: string;
  let url: string;
  let names = 0;

  beforeAll(async () => {
    running = await RunningGateway.start({ OAUTH_ALLOW_HTTP: 'true', DCR_METADATA_CACHE_TTL: '0' });
    vault = running.gateway.app.get(TokenVault);
    rows = running.gateway.app.get(DataSource).getRepository(OauthToken);
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    server = await ConsentingServer.start();
    upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (token) => server.read(token) });
    gatewayId = (await running.register(`leased ${++names}`, upstream.url, OAUTH)).id;
    await connectAccount(running, gatewayId);
    await running.rest('POST', `/oauth/fetch-tools/${gatewayId}`);
    url = `${running.url}/servers/${(await running.serve(gatewayId, { tool_naming: 'original' })).id}/mcp`;
    return () => Promise.all([upstream.close(), server.close()]);
  });

  const row = () => rows.findOneByOrFail({ gatewayId });
  const echo = async () =>
    (await callMcp(url, running.session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } })).body;

  it('is not held while the authorization server is being found', async () => {
    const found: (Date | null)[] = [];
    server.beforeAnswer = async (pathname) => {
      if (pathname.startsWith('/.well-known/')) found.push((await row()).refreshingUntil);
    };
    server.forgetAccessTokens();
    expect((await echo()).result.isError).toBeFalsy();
    expect(found).toEqual([null]);
    expect(server.refreshes).toBe(1);
  });

  it('is held while the token endpoint is asked, and by nobody afterwards', async () => {
    const held: (Date | null)[] = [];
    server.beforeAnswer = async (pathname) => {
      if (pathname === '/token') held.push((await row()).refreshingUntil);
    };
    server.forgetAccessTokens();
    server.down = true;
    expect((await echo()).error).toBeDefined();
    expect(held).toEqual([expect.any(Date)]);
    expect((await row()).refreshingUntil).toBeNull();
  });

  it('does not end the connection for a refusal that comes when it has run out', async () => {
    let other: Date | undefined;
    server.beforeAnswer = async (pathname) => {
      if (pathname !== '/token') return;
      // It took too long, and another replica has the refresh now.
      await rows.update({ gatewayId }, { refreshingUntil: new Date(0) });
      other = await vault.claim(await row(), HOUR_MS);
    };
    server.rotateUnheard();
    expect((await echo()).error).toBeDefined();
    expect(await row()).toMatchObject({ state: 'connected', refreshingUntil: other });
  });
});
