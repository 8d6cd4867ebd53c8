import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OauthToken } from '../../../src/oauth/tokens/oauth-token.entity.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { connectAccount } from '../../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { addUser } from '../../fixtures/people.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const OAUTH = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };

describe('a connected account', () => {
  let running: RunningGateway;
  let server: ConsentingServer;
  let upstream: GuardedUpstream;
  let bob: string;
  let id: string;
  let names = 0;

  beforeAll(async () => {
    running = await RunningGateway.start({
      OAUTH_ALLOW_HTTP: 'true',
      JWT_SECRET_KEY: SHARED_SECRET,
      DEFAULT_USER_ROLE: 'developer',
    });
    bob = signedToken({ sub: (await addUser(running, 'bob@example.com')).id, token_use: 'session' });
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    server = await ConsentingServer.start();
    upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (token) => server.read(token) });
    ({ id } = await running.register(`connected ${++names}`, upstream.url, OAUTH));
    return () => Promise.all([upstream.close(), server.close()]);
  });

  const disconnected = (token = running.session) =>
    running.rest('DELETE', `/oauth/connections/${id}`, undefined, token);
  const isConnected = async (token = running.session) =>
    (await running.rest('GET', `/oauth/status/${id}`, undefined, token)).body.connected;
  const written = async (type: string, resource: string) =>
    (await running.rest('GET', `/api/logs/audit-trails?resource_type=${type}&resource_id=${resource}`)).body;

  it('is disconnected by its user alone, here and there, and called no more', async () => {
    await connectAccount(running, id);
    await running.rest('POST', `/oauth/fetch-tools/${id}`);
    const url = `${running.url}/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
    const echo = async (token = running.session) =>
      (await callMcp(url, token, 'tools/call', { name: 'echo', arguments: { text: 'hello' } })).body.result;
    await connectAccount(running, id, bob);
    expect(await disconnected(bob)).toMatchObject({ status: 200, body: { success: true, revoked: true } });
    expect([await isConnected(), await isConnected(bob)]).toEqual([true, false]);
    expect(server.revocations).toHaveLength(1);
    expect((await echo(bob)).content[0].text).toContain('Connect your account');
    expect((await echo()).isError).toBeFalsy();
    expect((await disconnected(bob)).body).toMatchObject({ success: true, revoked: false });
    expect(server.revocations).toHaveLength(1);
  });

  it('is disconnected here where the authorization server is out of order, and says so', async () => {
    await connectAccount(running, id);
    server.down = true;
    const { status, body } = await disconnected();
    expect([status, body.revoked, body.message]).toEqual([200, false, expect.stringContaining('was not told')]);
    expect(await isConnected()).toBe(false);
  });

  it('is written down when it is connected, and when it is disconnected', async () => {
    await connectAccount(running, id, bob);
    await disconnected(bob);
    const [last, first, ...others] = await written('oauth_connection', id);
    const { client_id } = (await running.rest('GET', `/oauth/registered-clients/${id}`)).body;
    const what = { issuer: server.issuer, client_id, scopes: 'mcp:basic' };
    const who = { user_email: 'bob@example.com', resource_name: `connected ${names}` };
    expect(first).toMatchObject({ action: 'create', ...who, old_values: null, new_values: what });
    expect(last).toMatchObject({ action: 'delete', ...who, old_values: what, new_values: null });
    expect(others).toEqual([]);
  });

  it('is of a client of which it is written down who registered and who deleted it', async () => {
    await connectAccount(running, id, bob);
    const client = (await running.rest('GET', `/oauth/registered-clients/${id}`)).body;
    expect((await running.rest('DELETE', `/oauth/registered-clients/${client.id}`)).status).toBe(200);
    expect(await isConnected(bob)).toBe(false);
    const [last, first, ...others] = await written('registered_oauth_client', client.id);
    const what = { gateway_id: id, issuer: server.issuer, client_id: client.client_id };
    expect(first).toMatchObject({ action: 'create', user_email: 'bob@example.com', new_values: what });
    const old_values = { ...what, disconnected_users: 1 };
    expect(last).toMatchObject({ action: 'delete', user_email: ADMIN.email, old_values });
    expect(others).toEqual([]);
    expect(JSON.stringify([first, last])).not.toContain('fixture');
  });

  it('is neither connected nor disconnected, nor is its client deleted, where that cannot be written down', async () => {
    const database = running.gateway.app.get(DataSource);
    const count = () => database.getRepository(OauthToken).countBy({ gatewayId: id });
    await connectAccount(running, id);
    const client = (await running.rest('GET', `/oauth/registered-clients/${id}`)).body;
    await database.query('ALTER TABLE audit_trails RENAME TO away');
    try {
      expect((await connectAccount(running, id, bob)).status).toBe(500);
      expect((await disconnected()).status).toBe(500);
      expect((await running.rest('DELETE', `/oauth/registered-clients/${client.id}`)).status).toBe(500);
    } finally {
      await database.query('ALTER TABLE away RENAME TO audit_trails');
    }
    expect(await count()).toBe(1);
    expect(server.revocations).toEqual([]);
    expect((await running.rest('GET', `/oauth/registered-clients/${id}`)).status).toBe(200);
  });
});
