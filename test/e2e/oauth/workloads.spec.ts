import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedIssuer } from '../../fixtures/oauth/scripted-issuer.js';
import { OauthGate } from '../../fixtures/oauth/oauth-gate.js';

const ACCOUNT = 'agent@services.example';

describe('a workload with a token of its cluster', () => {
  let cluster: ScriptedIssuer;
  let gate: OauthGate;
  let serverId: string;
  let token: string;

  beforeAll(async () => {
    cluster = await ScriptedIssuer.start();
    const services = [
      {
        subject: 'system:serviceaccount:prod:*',
        account: ACCOUNT,
        permissions: ['tools.read', 'tools.execute', 'servers.read'],
      },
    ];
    const issuers = [{ issuer: cluster.issuer, audiences: ['portcullis'], services }];
    gate = await OauthGate.start([], { WORKLOAD_ISSUERS: JSON.stringify(issuers) });
    serverId = await gate.serve([]);
    token = await cluster.sign({ sub: 'system:serviceaccount:prod:agent', aud: ['portcullis'] }, { typ: undefined });
  });
  afterAll(async () => {
    await gate.stop();
    await cluster.close();
  });

  const rest = (method: string, path: string, body?: object, by = token) => gate.running.rest(method, path, body, by);
  const asAdmin = (method: string, path: string, body?: object) => gate.running.rest(method, path, body);
  const servers = async (): Promise<number> => (await rest('GET', '/servers')).body.length;

  it('stands for a service account that the start made, as administrators see', async () => {
    const { body } = await asAdmin('GET', `/auth/email/admin/users/${ACCOUNT}`);
    expect(body).toMatchObject({ auth_provider: 'workload', is_admin: false, is_active: true });
    const { body: events } = await asAdmin('GET', `/auth/email/admin/events?user_email=${ACCOUNT}`);
    expect(events[0]).toMatchObject({ event_type: 'account_created' });
  });

  it('sees the rows of its teams, at the REST API and at the MCP endpoint', async () => {
    const { body: team } = await asAdmin('POST', '/teams', { name: 'red' });
    const { status } = await asAdmin('PUT', `/servers/${serverId}`, { team_id: team.id, visibility: 'team' });
    expect(status).toBe(200);
    expect([await servers(), (await gate.call(serverId, token)).status]).toEqual([0, 404]);
    expect((await asAdmin('POST', `/teams/${team.id}/members`, { email: ACCOUNT, role: 'member' })).status).toBe(201);
    expect([await servers(), (await gate.call(serverId, token)).status]).toEqual([1, 200]);
    expect((await asAdmin('DELETE', `/teams/${team.id}/members/${ACCOUNT}`)).status).toBe(200);
    expect([await servers(), (await gate.call(serverId, token)).status]).toEqual([0, 404]);
  });

  it.each([
    ['GET', '/auth/email/admin/users', 403],
    ['GET', '/tags', 403],
    ['GET', '/auth/email/me', 403],
    ['GET', '/auth/sessions', 403],
    ['POST', '/tokens', 403],
    ['POST', '/auth/logout', 403],
  ])('is refused what its mapping does not name: %s %s', async (method, path, status) => {
    expect((await rest(method, path, method === 'POST' ? {} : undefined)).status).toBe(status);
  });

  it('has no password that anybody could use or ask for', async () => {
    for (const password of ['', 'none', 'A test fixture, not a secret'])
      expect((await gate.running.rest('POST', '/auth/login', { email: ACCOUNT, password }, null)).status).not.toBe(200);
  });

  it('is refused in the moment in which its account is switched off', async () => {
    const switched = (is_active: boolean) => asAdmin('PUT', `/auth/email/admin/users/${ACCOUNT}`, { is_active });
    expect((await rest('GET', '/servers')).status).toBe(200);
    expect((await switched(false)).status).toBe(200);
    expect([(await rest('GET', '/servers')).status, (await gate.call(serverId, token)).status]).toEqual([401, 401]);
    await switched(true);
    expect((await rest('GET', '/servers')).status).toBe(200);
  });

  it.each<[string, object]>([
    ['for another audience', { aud: ['else'] }],
    ['of a namespace that begins alike', { sub: 'system:serviceaccount:prod-evil:x' }],
  ])('is refused at both doors with a token %s', async (_, claims) => {
    const other = await cluster.sign({ sub: 'system:serviceaccount:prod:agent', aud: ['portcullis'], ...claims });
    expect((await rest('GET', '/servers', undefined, other)).status).toBe(401);
    expect((await gate.call(serverId, other)).status).toBe(401);
  });
});
