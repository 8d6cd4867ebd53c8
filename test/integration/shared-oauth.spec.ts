import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { OauthToken } from '../../src/oauth/tokens/oauth-token.entity.js';
import { callMcp } from '../fixtures/call-mcp.js';
import { consent, visit } from '../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../fixtures/oauth/guarded-upstream.js';
import { DataSource } from 'typeorm';
import { TwoReplicas } from './two-replicas.js';

describe('two replicas at an upstream with OAuth', () => {
  let replicas: TwoReplicas;
  let server: ConsentingServer;
  let upstream: GuardedUpstream;
  let gatewayId: string;
  let path: string;

  beforeAll(async () => {
    [server, replicas] = await Promise.all([ConsentingServer.start(), TwoReplicas.start({ OAUTH_ALLOW_HTTP: 'true' })]);
    upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (token) => server.read(token) });
    const { a, b } = replicas;
    const oauth = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };
    gatewayId = (await a.register('shared', upstream.url, oauth)).id;
    // Begun at one replica, ended at the other.
    expect((await visit(b, await consent(a, gatewayId), a.session)).status).toBe(200);
    expect((await b.rest('POST', `/oauth/fetch-tools/${gatewayId}`)).status).toBe(200);
    path = `/servers/${(await a.serve(gatewayId, { tool_naming: 'original' })).id}/mcp`;
    await vi.waitFor(async () => expect((await echo(1)).status).toBe(200), { timeout: 10_000 });
  });
  afterAll(async () => {
    await replicas.stop();
    await upstream.close();
    await server.close();
  });

  const echo = (turn: number) => {
    const { url, session } = replicas.both[turn % 2 === 0 ? 0 : 1];
    return callMcp(url + path, session, 'tools/call', { name: 'echo', arguments: { text: 'hello' } });
  };
  const texts = async (calls: number) =>
    new Set(
      (await Promise.all(Array.from({ length: calls }, (_, turn) => echo(turn)))).map(
        ({ body }) => body.result?.content?.[0]?.text ?? JSON.stringify(body),
      ),
    );
  const rows = () => replicas.a.gateway.app.get(DataSource).getRepository(OauthToken);

  it('refresh once, whoever of fifty calls finds the token refused', async () => {
    const before = await texts(2);
    server.forgetAccessTokens();
    expect(await texts(50)).toEqual(before);
    expect(server.refreshes).toBe(1);
    expect(await texts(2)).toEqual(before);
    expect(server.refreshes).toBe(1);
  });

  it('keep no token in clear', async () => {
    const stored = JSON.stringify(await rows().find());
    for (const authorization of upstream.authorizations) expect(stored).not.toContain(authorization.slice(7));
  });

  it('have no token of a user or an upstream that is gone', async () => {
    await replicas.a.rest('DELETE', `/gateways/${gatewayId}`);
    expect(await rows().count()).toBe(0);
  });
});
