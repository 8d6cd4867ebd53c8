import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OauthState } from '../../../src/oauth/connections/oauth-state.entity.js';
import { OauthToken } from '../../../src/oauth/tokens/oauth-token.entity.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { connectAccount, consent, visit } from '../../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const PASSWORD = 'A test fixture, not a secret 7';

describe('the tokens of a user at an upstream', () => {
  let running: RunningGateway;
  let server: ConsentingServer;
  let upstream: GuardedUpstream;
  let id: string;
  let url: string;
  let email: string;
  let session: string;
  let names = 0;

  beforeAll(async () => {
    running = await RunningGateway.start({ OAUTH_ALLOW_HTTP: 'true', DEFAULT_USER_ROLE: 'developer' });
    server = await ConsentingServer.start();
    upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (token) => server.read(token) });
    const oauth = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };
    ({ id } = await running.register('ending', upstream.url, oauth));
    await connectAccount(running, id);
    await running.rest('POST', `/oauth/fetch-tools/${id}`);
    url = `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
    await server.close();
  });
  beforeEach(async () => {
    email = `leaver${++names}@example.com`;
    const account = { email, password: PASSWORD, full_name: 'Leaver', password_change_required: false };
    expect((await running.rest('POST', '/auth/email/admin/users', account)).status).toBe(201);
    session = await signedIn();
    expect((await connectAccount(running, id, session)).status).toBe(200);
    expect((await echo()).body.result.isError).toBeFalsy();
  });

  const signedIn = async (): Promise<string> =>
    (await running.rest('POST', '/auth/login', { email, password: PASSWORD })).body.access_token;
  const echo = () => callMcp(url, session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } });
  const path = () => `/auth/email/admin/users/${encodeURIComponent(email)}`;
  const rows = async () => {
    const manager = running.gateway.app.get(DataSource).manager;
    return [await manager.countBy(OauthToken, { gatewayId: id }), await manager.countBy(OauthState, { gatewayId: id })];
  };

  it('go with the account, and so does a connection under way', async () => {
    const [tokens = 0, states = 0] = await rows();
    const back = await consent(running, id, session);
    expect(await rows()).toEqual([tokens, states + 1]);
    expect((await running.rest('DELETE', path())).status).toBe(200);
    expect(await rows()).toEqual([tokens - 1, states]);
    expect((await visit(running, back, session)).status).toBe(401);
    const before = upstream.authorizations.length;
    expect((await echo()).status).toBe(401);
    expect(upstream.authorizations).toHaveLength(before);
  });

  it('are not used while the account is deactivated, and nobody connects it', async () => {
    const back = await consent(running, id, session);
    const [calls, asked] = [upstream.authorizations.length, server.tokenRequests.length];
    expect((await running.rest('PUT', path(), { is_active: false })).status).toBe(200);
    expect((await echo()).status).toBe(401);
    expect((await visit(running, back, session)).status).toBe(401);
    expect([upstream.authorizations.length, server.tokenRequests.length]).toEqual([calls, asked]);
    expect((await running.rest('PUT', path(), { is_active: true })).status).toBe(200);
    session = await signedIn();
    expect((await echo()).body.result.isError).toBeFalsy();
  });

  it('are not got for an answer that comes too late', async () => {
    const back = await consent(running, id, session);
    const asked = server.tokenRequests.length;
    await running.gateway.app
      .get(DataSource)
      .getRepository(OauthState)
      .update({ gatewayId: id }, { expiresAt: new Date() });
    const page = await visit(running, back, session);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('not in the last five minutes')]);
    expect(server.tokenRequests).toHaveLength(asked);
  });
});
