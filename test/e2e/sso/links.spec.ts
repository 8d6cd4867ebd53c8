import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { UserSession } from '../../../src/auth/sessions/user-session.entity.js';
import { UserRepository } from '../../../src/auth/accounts/user.repository.js';
import { AuditTrailRow } from '../../../src/audit/trail/audit-trail.entity.js';
import { ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';

const FAILED = '/admin/login?error=sso_failed';
const PASSWORD = 'Purple cows; never slept 4';

describe('whose identity is whose', () => {
  let idp: ScriptedIdp;
  let gate: SsoGate;
  let count = 0;
  beforeAll(async () => {
    [idp, gate] = await Promise.all([ScriptedIdp.start(), SsoGate.start()]);
    await gate.provider('acme', idp);
  });
  afterEach(() => idp.reset());
  afterAll(async () => {
    await gate.stop();
    await idp.close();
  });

  const rest = (method: string, path: string, body?: unknown, token?: string | null) =>
    gate.running.rest(method, `/auth/sso${path}`, body, token);

  /** Somebody with a password, and with the same address at the provider. */
  const local = async () => {
    count += 1;
    const email = `local${count}@example.com`;
    const wish = { email, password: PASSWORD, password_change_required: false };
    await gate.running.rest('POST', '/auth/email/admin/users', wish);
    const login = async (): Promise<string> =>
      (await gate.running.rest('POST', '/auth/login', { email, password: PASSWORD }, null)).body.access_token;
    return { email, login, person: { sub: `sub-${count}`, email, email_verified: true } };
  };

  it('the owner binds his own, having signed in with his password just now', async () => {
    const { email, login, person } = await local();
    expect((await gate.signIn('acme', idp, person)).location).toBe(FAILED);
    const response = await fetch(`${gate.running.url}/auth/sso/link/acme`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await login()}` },
    });
    const { authorization_url: url, state } = (await response.json()) as Record<string, string>;
    const [cookie = ''] = response.headers.getSetCookie()[0]?.split(';') ?? [];
    const code = idp.code(url ?? '', person);
    const stolen = await gate.comeBack('acme', { code, state: state ?? '' }, undefined);
    expect(stolen.location).toBe(FAILED);
    const again = await fetch(`${gate.running.url}/auth/sso/link/acme`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await login()}` },
    });
    const begun = (await again.json()) as Record<string, string>;
    const [own = cookie] = again.headers.getSetCookie()[0]?.split(';') ?? [];
    const query = { code: idp.code(begun['authorization_url'] ?? '', person), state: begun['state'] ?? '' };
    expect((await gate.comeBack('acme', query, own)).location).toBe('/admin');
    const { session } = await gate.signIn('acme', idp, person);
    expect(await gate.me(session)).toMatchObject({ email, auth_provider: 'local' });
    expect((await rest('POST', '/link/acme', undefined, session)).body.code).toBe('session_required');
  });

  it('not who began it before the owner changed his password', async () => {
    const { email, login, person } = await local();
    const session = await login();
    const response = await fetch(`${gate.running.url}/auth/sso/link/acme`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${session}` },
    });
    const { authorization_url: url, state } = (await response.json()) as Record<string, string>;
    const [cookie = ''] = response.headers.getSetCookie()[0]?.split(';') ?? [];
    const change = { old_password: PASSWORD, new_password: 'Orange cows; always slept 5' };
    expect((await gate.running.rest('POST', '/auth/email/change-password', change, session)).status).toBe(200);
    const query = { code: idp.code(url ?? '', person), state: state ?? '' };
    expect((await gate.comeBack('acme', query, cookie)).location).toBe(FAILED);
    expect(await gate.lastFailure()).toBe('link_outdated');
    expect((await rest('GET', `/admin/identities?user_email=${email}`)).body).toEqual([]);
  });

  it('not with an old session, an API token, or nothing', async () => {
    const { login } = await local();
    const session = await login();
    const token = await gate.running.rest('POST', '/tokens', { name: 'a token', expires_in_days: 1 }, session);
    const [, payload = ''] = session.split('.');
    const { sid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sid: string };
    await gate.database
      .getRepository(UserSession)
      .update({ id: sid }, { startedAt: new Date(Date.now() - 6 * 60_000) });
    expect((await rest('POST', '/link/acme', undefined, session)).body.code).toBe('session_required');
    expect((await rest('POST', '/link/acme', undefined, token.body.access_token)).body.code).toBe('session_required');
    expect((await rest('POST', '/link/acme', undefined, null)).status).toBe(401);
  });

  it('an administrator binds and unbinds, which ends the sessions', async () => {
    const { email, person } = await local();
    const wish = { user_email: email, provider_id: 'acme', subject: person.sub };
    const linked = await rest('POST', '/admin/identities', wish);
    expect([linked.status, linked.body]).toEqual([
      201,
      expect.objectContaining({ user_email: email, issuer: idp.issuer }),
    ]);
    expect((await rest('POST', '/admin/identities', wish)).status).toBe(409);
    const { session } = await gate.signIn('acme', idp, person);
    expect(await gate.me(session)).toMatchObject({ email });
    expect((await rest('GET', `/admin/identities?user_email=${email}`)).body).toHaveLength(1);
    expect((await rest('DELETE', `/admin/identities/${linked.body.id}`)).status).toBe(204);
    expect((await gate.running.rest('GET', '/auth/email/me', undefined, session ?? '')).status).toBe(401);
    expect((await gate.signIn('acme', idp, person)).location).toBe(FAILED);
    for (const id of [linked.body.id, 'x', '%00', '__proto__'])
      expect((await rest('DELETE', `/admin/identities/${id}`)).status).toBe(404);
    const rows = await gate.database.getRepository(AuditTrailRow).findBy({ resourceType: 'federated_identity' });
    expect(rows.map(({ action }) => action).sort()).toEqual(['create', 'delete']);
  });

  it('nobody binds an account that holds more than he does', async () => {
    const { login } = await local();
    const session = await login();
    const wish = { user_email: 'admin@example.com', provider_id: 'acme', subject: 'evil' };
    expect((await rest('POST', '/admin/identities', wish, session)).status).toBe(403);
    await gate.running.rest('POST', '/rbac/roles', {
      name: 'desk',
      scope: 'global',
      permissions: ['admin.user_management'],
    });
    const { body: roles } = await gate.running.rest('GET', '/rbac/roles');
    const { id } = roles.find(({ name }: { name: string }) => name === 'desk');
    const { email: desk, login: deskLogin } = await local();
    await gate.running.rest('POST', `/rbac/users/${desk}/roles`, { role_id: id, scope: 'global' });
    expect((await rest('POST', '/admin/identities', wish, await deskLogin())).status).toBe(403);
  });

  it('an account that was made for the provider waits for its first sign-in', async () => {
    const users = gate.running.gateway.app.get(UserRepository);
    const wish = { passwordHash: '', fullName: null, isAdmin: false };
    await users.create({ ...wish, email: 'scim@example.com', authProvider: 'acme' });
    await users.create({ ...wish, email: 'elsewhere@example.com', authProvider: 'another' });
    const person = (name: string, sub = name) => ({ sub, email: `${name}@example.com`, email_verified: true });
    expect((await gate.signIn('acme', idp, person('scim'))).location).toBe('/admin');
    expect((await gate.signIn('acme', idp, person('elsewhere'))).location).toBe(FAILED);
    expect((await gate.signIn('acme', idp, person('scim', 'another sub'))).location).toBe(FAILED);
  });
});
