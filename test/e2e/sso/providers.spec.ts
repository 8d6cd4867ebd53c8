import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditTrailRow } from '../../../src/audit/trail/audit-trail.entity.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const PATH = '/auth/sso/admin/providers';
const SECRET = 'a client secret of a test fixture, no secret';
const ACME = {
  id: 'acme',
  display_name: 'Acme',
  client_id: 'portcullis',
  client_secret: SECRET,
  issuer: 'https://idp.example.com',
};

describe('administering identity providers', () => {
  let running: RunningGateway;
  beforeAll(async () => void (running = await RunningGateway.start({ SSO_ENABLED: 'true' })));
  afterAll(() => running.stop());

  it('adds, shows, changes and deletes them, and never shows a secret', async () => {
    const made = await running.rest('POST', PATH, ACME);
    expect([made.status, made.body]).toEqual([
      200,
      expect.objectContaining({
        id: 'acme',
        kind: 'generic',
        provider_type: 'oidc',
        has_client_secret: true,
        callback_url: 'http://localhost:4444/auth/sso/callback/acme',
      }),
    ]);
    expect((await running.rest('POST', PATH, ACME)).status).toBe(409);
    const changed = await running.rest('PUT', `${PATH}/acme`, { display_name: 'Acme 2', client_secret: `${SECRET} 2` });
    expect(changed.body).toMatchObject({ display_name: 'Acme 2', client_id: 'portcullis' });
    expect((await running.rest('PUT', `${PATH}/acme`, {})).body.detail).toBe('No update data provided');
    const answers = [
      made.body,
      changed.body,
      (await running.rest('GET', PATH)).body,
      (await running.rest('GET', `${PATH}/acme`)).body,
    ];
    expect(JSON.stringify(answers)).not.toContain(SECRET);
    expect((await running.rest('DELETE', `${PATH}/acme`)).status).toBe(204);
    const { DataSource } = await import('typeorm');
    const rows = await running.gateway.app
      .get(DataSource)
      .getRepository(AuditTrailRow)
      .findBy({ resourceType: 'sso_provider' });
    expect(rows.map(({ action }) => action).sort()).toEqual(['create', 'delete', 'update']);
    expect(JSON.stringify(rows)).not.toContain(SECRET);
  });

  it('answers 404 for what there is not', async () => {
    for (const id of ['acme', 'x', '%00', '__proto__', 'ACME', '00000000000000000000000000000000'])
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect(
          (await running.rest(method, `${PATH}/${id}`, method === 'PUT' ? { display_name: 'x' } : undefined)).status,
        ).toBe(404);
  });

  it.each([
    ['an id of an account with a password', { id: 'local' }],
    ['an id that is a path', { id: '../x' }],
    ['no client', { client_id: '' }],
    ['a scope without openid', { scope: 'email' }],
    ['endpoints over plain http', { token_url: 'http://idp.example.com/token' }],
    ['a Graph that is not https', { graph_url: 'http://graph.example.com' }],
    ['a kind that there is not', { kind: 'facebook' }],
    ['roles that are no names', { role_mappings: { a: 1 } }],
    ['teams without a role', { team_mapping: { a: { team_id: '00000000000000000000000000000000' } } }],
    [
      'more groups than are kept',
      { role_mappings: Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`g${at}`, 'r'])) },
    ],
    ['a domain that is none', { trusted_domains: ['*'] }],
    ['GitHub without its user', { kind: 'github', issuer: 'https://github.com/login/oauth' }],
  ])('refuses %s', async (_, wish) => {
    const { status } = await running.rest('POST', PATH, { ...ACME, id: 'refused', ...wish });
    expect([400, 422]).toContain(status);
  });

  it('is for whole administrators: whoever says who is believed may become anybody', async () => {
    const capped = await running.mint('capped', {
      permissions: ['admin.sso_providers:create', 'admin.sso_providers:read'],
    });
    expect((await running.rest('GET', PATH, undefined, capped)).status).toBe(200);
    expect((await running.rest('POST', PATH, { ...ACME, id: 'capped' }, capped)).status).toBe(403);
    expect((await running.rest('DELETE', `${PATH}/acme`, undefined, capped)).status).toBe(403);
    expect((await running.rest('GET', PATH, undefined, null)).status).toBe(401);
  });
});

describe('the providers of the settings', () => {
  const client = (env: string) => ({
    [`SSO_${env}_ENABLED`]: 'true',
    [`SSO_${env}_CLIENT_ID`]: `id of ${env}`.replaceAll(' ', '-'),
    [`SSO_${env}_CLIENT_SECRET`]: `${SECRET} ${env}`,
  });
  const KINDS = ['GITHUB', 'GOOGLE', 'IBM_VERIFY', 'ENTRA', 'OKTA', 'KEYCLOAK', 'ADFS', 'GENERIC'];
  const ALL = Object.assign({}, ...KINDS.map(client), {
    SSO_IBM_VERIFY_ISSUER: 'https://tenant.verify.ibm.com/oidc/endpoint/default',
    SSO_ENTRA_TENANT_ID: '11111111-2222-3333-4444-555555555555',
    SSO_OKTA_ISSUER: 'https://dev-1.okta.com/oauth2/default',
    SSO_KEYCLOAK_BASE_URL: 'https://keycloak.example.com/',
    SSO_KEYCLOAK_REALM: 'staff',
    SSO_ADFS_ISSUER: 'https://adfs.example.com/adfs',
    SSO_GENERIC_ISSUER: 'https://idp.example.com',
    SSO_GENERIC_PROVIDER_ID: 'acme',
    SSO_GITHUB_ADMIN_ORGS: 'acme',
    SSO_GOOGLE_ADMIN_DOMAINS: 'example.com',
    SSO_ENTRA_ROLE_MAPPINGS: '{"a-group":"platform_viewer"}',
  }) as Record<string, string>;

  it('are there after the start, sealed, and as their guides say', async () => {
    const running = await RunningGateway.start({ SSO_ENABLED: 'true', ...ALL });
    const { body } = await running.rest('GET', PATH);
    expect(body.map(({ id, issuer, scope }: Record<string, string>) => [id, issuer, scope])).toEqual([
      ['acme', 'https://idp.example.com', 'openid profile email'],
      ['adfs', 'https://adfs.example.com/adfs', 'openid profile email allatclaims'],
      ['entra', 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0', 'openid profile email'],
      ['github', 'https://github.com/login/oauth', 'user:email read:org'],
      ['google', 'https://accounts.google.com', 'openid profile email'],
      ['ibm_verify', 'https://tenant.verify.ibm.com/oidc/endpoint/default', 'openid profile email'],
      ['keycloak', 'https://keycloak.example.com/realms/staff', 'openid profile email'],
      ['okta', 'https://dev-1.okta.com/oauth2/default', 'openid profile email'],
    ]);
    expect(JSON.stringify(body)).not.toContain(SECRET);
    const { DataSource } = await import('typeorm');
    const rows = await running.gateway.app.get(DataSource).query('SELECT * FROM sso_providers');
    expect(JSON.stringify(rows)).not.toContain(SECRET);
    await running.stop();
  });

  it.each([
    ['SSO_ENTRA_TENANT_ID', 'common'],
    ['SSO_OKTA_ISSUER', 'http://okta.example.com'],
    ['SSO_GENERIC_PROVIDER_ID', 'local'],
    ['SSO_GENERIC_SCOPE', 'email'],
    ['SSO_ENTRA_ROLE_MAPPINGS', '{"a":1}'],
    ['SSO_TRUSTED_DOMAINS', '*'],
    ['SSO_OKTA_CLIENT_ID', ''],
  ])('stop the start where %s is %j', async (name, value) => {
    await expect(RunningGateway.start({ SSO_ENABLED: 'true', ...ALL, [name]: value })).rejects.toThrow(name);
  });
});
