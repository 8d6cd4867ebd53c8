import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedIssuer } from '../../fixtures/oauth/scripted-issuer.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const ACCOUNT = 'provisioner@services.example';
const SUBJECT = 'system:serviceaccount:iam:provisioner';
const PERMISSIONS = ['scim.read', 'scim.write'];

describe('a workload that provisions, and administers nothing', () => {
  let cluster: ScriptedIssuer;
  let running: RunningGateway;
  let token: string;
  beforeAll(async () => {
    cluster = await ScriptedIssuer.start();
    const services = [{ subject: SUBJECT, account: ACCOUNT, permissions: PERMISSIONS }];
    running = await RunningGateway.start({
      SCIM_ENABLED: 'true',
      SCIM_CLIENTS: JSON.stringify([{ account: ACCOUNT, provider: 'okta', email_domains: ['example.com'] }]),
      WORKLOAD_ISSUERS: JSON.stringify([{ issuer: cluster.issuer, audiences: ['portcullis'], services }]),
    });
    token = await cluster.sign({ sub: SUBJECT, aud: ['portcullis'] }, { typ: undefined });
  });
  afterAll(async () => {
    await running.stop();
    await cluster.close();
  });

  const make = async (userName: string, by = token) =>
    (await running.rest('POST', '/scim/v2/Users', { userName }, by)).status;

  it('does so by a role for that alone, as long as it holds it', async () => {
    expect(await make('ann@example.com')).toBe(403);
    const wish = { name: 'provisioner', scope: 'global', permissions: PERMISSIONS };
    const { body: role } = await running.rest('POST', '/rbac/roles', wish);
    const path = `/rbac/users/${ACCOUNT}/roles`;
    expect((await running.rest('POST', path, { role_id: role.id, scope: 'global' })).status).toBe(200);
    expect([await make('ann@example.com'), await make('ann@evil.example')]).toEqual([201, 400]);
    for (const other of ['/auth/email/admin/users', '/tokens', '/tools'])
      expect((await running.rest('GET', other, undefined, token)).status).toBe(403);
    expect((await running.rest('DELETE', `${path}/${role.id}?scope=global`)).status).toBe(200);
    expect(await make('bob@example.com')).toBe(403);
  });
});
