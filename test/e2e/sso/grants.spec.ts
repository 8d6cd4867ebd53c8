import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { RoleAssignment } from '../../../src/rbac/roles/role-assignment.entity.js';
import { TeamMember } from '../../../src/teams/team-member.entity.js';
import { ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';
import { ADMIN } from '../../fixtures/running-gateway.js';

const GIL = { sub: 'gil', email: 'gil@example.com', email_verified: true } as const;

describe('what groups grant', () => {
  let idp: ScriptedIdp;
  let gate: SsoGate;
  let red: string;
  let blue: string;

  const team = async (name: string): Promise<string> => (await gate.running.rest('POST', '/teams', { name })).body.id;
  const signIn = async (...groups: string[]): Promise<string> => {
    const { location, session = '' } = await gate.signIn('acme', idp, { ...GIL, groups });
    expect([location, await gate.lastFailure()]).toEqual(['/admin', undefined]);
    return session;
  };
  const gil = (): Promise<User> => gate.database.getRepository(User).findOneByOrFail({ email: GIL.email });
  const teams = async (): Promise<string[]> => {
    const rows = await gate.database.getRepository(TeamMember).findBy({ userId: (await gil()).id, isActive: true });
    return rows
      .filter(({ teamId }) => teamId === red || teamId === blue)
      .map(({ teamId, role, grantSource }) => `${teamId === red ? 'red' : 'blue'} ${role} ${grantSource}`)
      .sort();
  };
  const roles = async (): Promise<string[]> => {
    const rows = await gate.database.getRepository(RoleAssignment).findBy({ userId: (await gil()).id });
    return rows.map(({ source, grantedBy }) => `${source} ${grantedBy}`).sort();
  };

  beforeAll(async () => {
    [idp, gate] = await Promise.all([ScriptedIdp.start(), SsoGate.start()]);
    [red, blue] = [await team('Red'), await team('Blue')];
    await gate.running.rest('POST', '/rbac/roles', {
      name: 'auditor',
      scope: 'global',
      permissions: ['admin.security_audit'],
    });
  });
  beforeEach(async () => {
    await gate.provider('acme', idp, {
      admin_groups: ['chiefs'],
      role_mappings: { auditors: 'auditor', viewers: 'platform_viewer', nobody: 'no such role', team: 'developer' },
      team_mapping: {
        reds: { team_id: red, role: 'member' },
        'red chiefs': { team_id: red, role: 'owner' },
        blues: { team_id: blue, role: 'member' },
      },
    });
  });
  afterEach(async () => {
    idp.reset();
    await gate.signIn('acme', idp, GIL);
  });
  afterAll(async () => {
    await gate.stop();
    await idp.close();
  });

  it('teams, roles and administration, at once on every door; and nothing once they are gone', async () => {
    const session = await signIn('reds', 'auditors', 'chiefs');
    expect([await teams(), await roles()]).toEqual([['red member sso'], ['sso sso:acme']]);
    expect((await gate.running.rest('GET', '/version', undefined, session)).status).toBe(200);
    await signIn();
    expect([await teams(), await roles(), (await gil()).isAdmin]).toEqual([[], [], false]);
    // The token of before, whose principal was cached.
    expect((await gate.running.rest('GET', '/version', undefined, session)).status).toBe(403);
    expect((await gate.running.rest('GET', '/usage', undefined, session)).status).toBe(403);
  });

  it('moves, promotes and demotes', async () => {
    await signIn('reds');
    await signIn('red chiefs', 'reds', 'blues');
    expect(await teams()).toEqual(['blue member sso', 'red owner sso']);
    await signIn('blues');
    expect(await teams()).toEqual(['blue member sso']);
  });

  it('leaves what people gave by hand', async () => {
    await signIn();
    await gate.running.rest('POST', `/teams/${red}/members`, { email: GIL.email, role: 'owner' });
    const { body } = await gate.running.rest('GET', '/rbac/roles');
    const { id } = body.find(({ name }: { name: string }) => name === 'auditor');
    await gate.running.rest('POST', `/rbac/users/${GIL.email}/roles`, { role_id: id, scope: 'global' });
    await signIn('reds', 'auditors');
    expect([await teams(), await roles()]).toEqual([['red owner null'], [`manual ${ADMIN.email}`]]);
    await signIn();
    expect([await teams(), await roles()]).toEqual([['red owner null'], [`manual ${ADMIN.email}`]]);
    await gate.running.rest('DELETE', `/teams/${red}/members/${GIL.email}`);
    await gate.running.rest('DELETE', `/rbac/users/${GIL.email}/roles/${id}?scope=global`);
  });

  it('gives a role in the place of one that somebody gave by hand and that has ended', async () => {
    await signIn();
    const { body } = await gate.running.rest('GET', '/rbac/roles');
    const { id } = body.find(({ name }: { name: string }) => name === 'auditor');
    const wish = { role_id: id, scope: 'global', expires_at: new Date(Date.now() + 60_000).toISOString() };
    expect((await gate.running.rest('POST', `/rbac/users/${GIL.email}/roles`, wish)).status).toBe(200);
    const { id: userId } = await gil();
    const end = (expiresAt: Date) => gate.database.getRepository(RoleAssignment).update({ userId }, { expiresAt });
    await signIn('auditors');
    expect(await roles()).toEqual([`manual ${ADMIN.email}`]);
    await end(new Date(Date.now() - 1));
    const session = await signIn('auditors');
    expect(await roles()).toEqual(['sso sso:acme']);
    const may = await gate.running.rest('GET', '/rbac/my/permissions', undefined, session);
    expect(may.body).toContain('admin.security_audit');
    await signIn();
    expect(await roles()).toEqual([]);
  });

  it('takes administration from nobody to whom somebody gave it', async () => {
    await signIn('chiefs');
    expect(await gil()).toMatchObject({ isAdmin: true, adminOrigin: 'sso' });
    await gate.running.rest('PATCH', `/auth/email/admin/users/${GIL.email}`, { is_admin: true });
    await signIn();
    expect(await gil()).toMatchObject({ isAdmin: true, adminOrigin: null });
    await gate.running.rest('PATCH', `/auth/email/admin/users/${GIL.email}`, { is_admin: false });
    await signIn();
    expect((await gil()).isAdmin).toBe(false);
  });

  it('keeps the last administrator', async () => {
    const session = await signIn('chiefs');
    await gate.running.rest('PATCH', `/auth/email/admin/users/${ADMIN.email}`, { is_active: false }, session);
    const again = await signIn();
    expect((await gil()).isAdmin).toBe(true);
    await gate.running.rest('PATCH', `/auth/email/admin/users/${ADMIN.email}`, { is_active: true }, again);
    const renewed = await gate.running.rest('POST', '/auth/login', ADMIN, null);
    Object.assign(gate.running, { session: renewed.body.access_token });
  });

  it.each([
    ['no list', { admins: true }],
    ['a list of other things', [{ name: 'chiefs' }]],
    ['more than anybody has', Array.from({ length: 6000 }, (_, index) => (index === 0 ? 'chiefs' : `g${index}`))],
    ['a name without an end', ['chiefs', 'a'.repeat(300)]],
  ])('nothing when they are %s', async (_, groups) => {
    await signIn('chiefs', 'reds');
    const { location } = await gate.signIn('acme', idp, { ...GIL, groups });
    expect([location, (await gil()).isAdmin, await teams()]).toEqual(['/admin', false, []]);
  });

  it('no role that there is not, or that holds in a team', async () => {
    await signIn('nobody', 'team');
    expect(await roles()).toEqual([]);
  });

  it('not more than the quota of a team', async () => {
    await gate.running.rest('PUT', `/teams/${blue}`, { max_members: 1 });
    await signIn('blues');
    expect(await teams()).toEqual([]);
    await gate.running.rest('PUT', `/teams/${blue}`, { max_members: 5 });
  });
});

describe('who may sign in at all', () => {
  let idp: ScriptedIdp;
  beforeAll(async () => void (idp = await ScriptedIdp.start()));
  afterEach(() => idp.reset());
  afterAll(() => idp.close());

  const FAILED = '/admin/login?error=sso_failed';
  const REFUSED = '/admin/login?error=user_creation_failed';

  it('those of trusted domains, asked at every sign-in', async () => {
    const gate = await SsoGate.start({ SSO_TRUSTED_DOMAINS: 'example.com' });
    await gate.provider('acme', idp);
    expect((await gate.signIn('acme', idp, GIL)).location).toBe('/admin');
    for (const email of ['gil@evil.example', 'gil@example.com.evil.example', 'gil@sub.example.com']) {
      expect((await gate.signIn('acme', idp, { ...GIL, email })).location).toBe(FAILED);
      expect(await gate.lastFailure()).toBe('domain_not_trusted');
    }
    await gate.provider('acme', idp, { trusted_domains: ['other.example.com'] });
    expect((await gate.signIn('acme', idp, GIL)).location).toBe(FAILED);
    await gate.stop();
  });

  it('nobody new without SSO_AUTO_CREATE_USERS, or where the provider makes none', async () => {
    const gate = await SsoGate.start({ SSO_AUTO_CREATE_USERS: 'false' });
    await gate.provider('acme', idp);
    expect((await gate.signIn('acme', idp, GIL)).location).toBe(REFUSED);
    await gate.stop();
  });

  it('none but the issuers of SSO_ISSUERS', async () => {
    const gate = await SsoGate.start({ SSO_ISSUERS: 'https://idp.example.com' });
    await expect(gate.provider('acme', idp)).rejects.toThrow('issuer: is not one of SSO_ISSUERS');
    await gate.stop();
  });

  it('who is new under the address alone for which an administrator said so', async () => {
    const gate = await SsoGate.start({ SSO_REQUIRE_ADMIN_APPROVAL: 'true' });
    await gate.provider('acme', idp);
    const path = '/auth/sso/pending-approvals';
    await gate.signIn('acme', idp, GIL);
    const { body: waiting } = await gate.running.rest('GET', path);
    await gate.running.rest('POST', `${path}/${waiting[0].id}/action`, { action: 'approve' });
    const boss = { ...GIL, email: 'boss@example.com' };
    expect((await gate.signIn('acme', idp, boss)).location).toBe(REFUSED);
    expect((await gate.running.rest('GET', path)).body).toMatchObject([{ email: boss.email, status: 'pending' }]);
    await gate.stop();
  });

  it('who is new once an administrator said so', async () => {
    const gate = await SsoGate.start({ SSO_REQUIRE_ADMIN_APPROVAL: 'true' });
    await gate.provider('acme', idp);
    const path = '/auth/sso/pending-approvals';
    const signIn = async () => (await gate.signIn('acme', idp, GIL)).location;
    expect([await signIn(), await signIn()]).toEqual([REFUSED, REFUSED]);
    const { body: waiting } = await gate.running.rest('GET', path);
    expect(waiting).toMatchObject([{ email: GIL.email, auth_provider: 'acme', status: 'pending' }]);
    const [{ id }] = waiting;
    const decide = (body: object) => gate.running.rest('POST', `${path}/${id}/action`, body);
    expect((await decide({ action: 'reject' })).body.detail).toBe('Rejection reason is required');
    expect((await decide({ action: 'forget' })).status).toBe(422);
    expect((await decide({ action: 'reject', reason: 'unknown' })).body.status).toBe('rejected');
    expect(await signIn()).toBe(REFUSED);
    expect((await decide({ action: 'approve' })).body.detail).toBe('Approval request is already rejected');
    const late = { expiresAt: new Date(Date.now() - 1) };
    const { PendingApproval } = await import('../../../src/sso/accounts/pending-approval.entity.js');
    const rows = gate.database.getRepository(PendingApproval);
    await rows.update({ id }, late);
    expect(await signIn()).toBe(REFUSED);
    await rows.update({ id }, late);
    expect((await decide({ action: 'approve' })).body.detail).toBe('Approval request has expired');
    expect((await gate.running.rest('GET', path)).body).toEqual([]);
    expect((await gate.running.rest('GET', `${path}?include_expired=true`)).body).toMatchObject([
      { status: 'expired' },
    ]);
    expect(await signIn()).toBe(REFUSED);
    expect((await decide({ action: 'approve' })).body.status).toBe('approved');
    expect(await signIn()).toBe('/admin');
    expect(await rows.findOneByOrFail({ id })).toMatchObject({ status: 'completed' });
    await gate.running.rest('DELETE', `/auth/email/admin/users/${GIL.email}`);
    expect(await signIn()).toBe(REFUSED);
    expect(
      (await gate.running.rest('POST', `${path}/00000000000000000000000000000000/action`, { action: 'approve' }))
        .status,
    ).toBe(404);
    await gate.stop();
  });
});
