import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PERMISSIONS } from '#libs/policy';
import { TeamMember } from '../../../src/teams/team-member.entity.js';
import { Team } from '../../../src/teams/team.entity.js';
import { UserRepository } from '../../../src/auth/accounts/user.repository.js';
import { ApiToken } from '../../../src/tokens/api-token.entity.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const USERS = '/auth/email/admin/users';
const PASSWORD = 'Correct-Horse_Battery!Staple';

describe('accounts', () => {
  let running: RunningGateway;
  let names = 0;
  let email: string;

  beforeAll(async () => {
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, LOGIN_ATTEMPTS_PER_ADDRESS: '10000' });
  });
  afterAll(() => running.stop());
  beforeEach(() => {
    email = `person${(names += 1)}@example.com`;
  });

  const create = (more: object = {}, token?: string) =>
    running.rest('POST', USERS, { email, password: PASSWORD, password_change_required: false, ...more }, token);
  const change = (more: object, method = 'PATCH', who = email) => running.rest(method, `${USERS}/${who}`, more);
  const login = (password = PASSWORD, who = email) =>
    running.rest('POST', '/auth/login', { email: who, password }, null);
  const session = async (who = email): Promise<string> => (await login(PASSWORD, who)).body.access_token;
  const me = async (token: string): Promise<number> =>
    (await running.rest('GET', '/auth/email/me', undefined, token)).status;
  const events = async (type: string) =>
    (await running.rest('GET', `/auth/email/admin/events?user_email=${email}&event_type=${type}`)).body;

  it('are made with the contract’s answer, and never show a password or a hash', async () => {
    const { status, body } = await running.rest('POST', USERS, {
      email: email.toUpperCase(),
      password: PASSWORD,
      full_name: 'Ann O’Nym',
    });
    expect([status, body]).toEqual([
      201,
      {
        email,
        full_name: 'Ann O’Nym',
        is_admin: false,
        is_active: true,
        auth_provider: 'local',
        created_at: expect.any(String),
        last_login: null,
        email_verified: true,
        password_change_required: true,
        failed_login_attempts: 0,
        locked_until: null,
        is_locked: false,
      },
    ]);
    expect((await running.rest('GET', `${USERS}/${email.toUpperCase()}`)).body).toEqual(body);
    const listed = await running.rest('GET', `${USERS}?search=${email}`);
    expect(listed.body).toEqual({ users: [body], total_count: 1, limit: 50, offset: 0 });
    expect(JSON.stringify([body, listed.body])).not.toMatch(/argon2|Battery/);
    const again = await create();
    expect([again.status, again.body.detail]).toEqual([409, 'email: A user with this email already exists']);
  });

  it('that others made must change the password before the first sign-in', async () => {
    await create({ password_change_required: undefined });
    const { status, body, headers } = await login();
    expect([status, body.detail]).toEqual([
      403,
      'Password change required. Please change your password before continuing.',
    ]);
    expect(headers.get('x-password-change-required')).toBe('true');
    expect((await login('wrong')).headers.get('x-password-change-required')).toBeNull();
    expect(await events('login')).toMatchObject([
      { success: false, failure_reason: 'wrong_password' },
      { success: false, failure_reason: 'password_change_required' },
    ]);
  });

  it.each([
    ['email', { email: 'nobody' }],
    ['email', { email: `${'x'.repeat(190)}@example.com` }],
    ['email', { email: ['a@example.com'] }],
    ['password', { password: undefined }],
    ['password', { password: 'x'.repeat(1025) }],
    ['full_name', { full_name: 'two\nlines' }],
    ['is_admin', { is_admin: 'true' }],
    ['auth_provider', { auth_provider: 'sso' }],
    ['password_hash', { password_hash: 'x' }],
    ['failed_login_attempts', { failed_login_attempts: 0 }],
  ])('are not made with a wrong %s: %j', async (field, more) => {
    const { status, body } = await create(more);
    expect([status, body.detail[0].loc]).toEqual([422, ['body', field]]);
  });

  it('change in what is given, by PUT and by PATCH', async () => {
    await create({ full_name: 'Ann' });
    const before = (await running.rest('GET', `${USERS}/${email}`)).body;
    expect((await change({ email_verified: false })).body).toEqual({ ...before, email_verified: false });
    expect((await change({ full_name: null }, 'PUT')).body).toMatchObject({ full_name: null, email_verified: false });
    expect((await change({}, 'PUT')).body).toMatchObject({ full_name: null, is_active: true });
    expect((await change({ email: 'other@example.com' })).status).toBe(422);
    expect(await events('account_changed')).toMatchObject([
      { success: true, details: { by: ADMIN.email, changed: { fullName: null } } },
      { success: true, details: { by: ADMIN.email, changed: { emailVerified: false } } },
    ]);
  });

  it('get another password, which their owner has to change', async () => {
    await create();
    const body = { password: `Another-${PASSWORD}` };
    expect((await change(body)).body).toMatchObject({ password_change_required: true });
    expect((await login()).status).toBe(401);
    expect((await login(body.password)).status).toBe(403);
    await change({ password_change_required: false });
    expect((await login(body.password)).status).toBe(200);
    expect(await events('password_change')).toMatchObject([{ details: { by: ADMIN.email } }]);
    expect(JSON.stringify(await events('password_change'))).not.toContain('Battery');
  });

  it('are out at once when they are deactivated, with every token', async () => {
    await create();
    const token = await session();
    const api = (await running.rest('POST', '/tokens', { name: 'x', expires_in_days: 1 }, token)).body.access_token;
    expect([await me(token), await me(api)]).toEqual([200, 200]);
    await change({ is_active: false });
    expect([await me(token), await me(api), (await login()).status]).toEqual([401, 401, 401]);
    await change({ is_active: true });
    expect((await login()).status).toBe(200);
  });

  it('administer no longer when they are demoted', async () => {
    await create({ is_admin: true });
    const token = await session();
    expect((await running.rest('GET', USERS, undefined, token)).status).toBe(200);
    await change({ is_admin: false });
    expect([401, 403]).toContain((await running.rest('GET', USERS, undefined, token)).status);
  });

  it('are deleted with their tokens and memberships', async () => {
    await create();
    const token = await session();
    await running.rest('POST', '/tokens', { name: 'x', expires_in_days: 1 }, token);
    const { manager } = running.gateway.app.get(DataSource);
    const userId = (await running.gateway.app.get(UserRepository).byEmail(email))?.id ?? '';
    const now = new Date();
    const team = { name: email, slug: email, createdBy: userId, isPersonal: false, visibility: 'private' };
    await manager.insert(Team, {
      ...team,
      id: email,
      description: null,
      isActive: true,
      createdAt: now,
      updatedAt: now,
    });
    await manager.insert(TeamMember, {
      id: email,
      teamId: email,
      userId,
      role: 'owner',
      isActive: true,
      joinedAt: now,
    });
    const { status, body } = await running.rest('DELETE', `${USERS}/${email}`);
    expect([status, body]).toEqual([200, { success: true, message: 'User deleted successfully' }]);
    expect(await me(token)).toBe(401);
    expect(await manager.countBy(ApiToken, { userId })).toBe(0);
    expect(await manager.countBy(TeamMember, { userId })).toBe(0);
    const gone = await running.rest('GET', `${USERS}/${email}`);
    expect([gone.status, gone.body.detail]).toEqual([404, 'User not found']);
    for (const [method, path] of [
      ['PUT', email],
      ['PATCH', email],
      ['DELETE', email],
      ['POST', `${email}/unlock`],
    ] as const)
      expect((await running.rest(method, `${USERS}/${path}`, method === 'DELETE' ? undefined : {})).status).toBe(404);
    expect(await events('account_deleted')).toHaveLength(1);
  });

  // The last of these: who was demoted is signed out.
  describe('of administrators', () => {
    it('stay while they are the last one', async () => {
      for (const wish of [{ is_admin: false }, { is_active: false }, { is_admin: false, is_active: false }]) {
        const { status, body } = await change(wish, 'PATCH', ADMIN.email);
        expect([status, body.detail]).toEqual([400, 'Cannot demote or deactivate the last remaining admin user']);
      }
      const self = await running.rest('DELETE', `${USERS}/${ADMIN.email}`);
      expect([self.status, self.body.detail]).toEqual([400, 'Cannot delete your own account']);
      await create({ is_admin: true });
      const other = await session();
      const as = (method: string, who: string, body?: object) => running.rest(method, `${USERS}/${who}`, body, other);
      expect((await as('PATCH', ADMIN.email, { is_admin: false })).status).toBe(200);
      expect((await as('PATCH', email, { is_active: false })).status).toBe(400);
      expect((await as('PATCH', ADMIN.email, { is_admin: true })).status).toBe(200);
      const { body } = await as('GET', ADMIN.email);
      expect(body).toMatchObject({ is_admin: true, is_active: true });
    });
  });
});

describe('accounts and their events are closed', () => {
  let running: RunningGateway;
  beforeAll(async () => {
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, DEFAULT_USER_ROLE: 'developer' });
    await running.rest('POST', USERS, {
      email: 'dev@example.com',
      password: PASSWORD,
      password_change_required: false,
    });
  });
  afterAll(() => running.stop());

  const ROUTES = [
    ['GET', USERS],
    ['POST', USERS],
    ['GET', `${USERS}/${ADMIN.email}`],
    ['PUT', `${USERS}/${ADMIN.email}`],
    ['PATCH', `${USERS}/${ADMIN.email}`],
    ['DELETE', `${USERS}/${ADMIN.email}`],
    ['POST', `${USERS}/${ADMIN.email}/unlock`],
    ['GET', '/auth/email/admin/events'],
  ] as const;
  const others = Object.keys(PERMISSIONS).filter((name) => name !== 'admin.user_management');
  const CALLERS: Record<string, () => string | null> = {
    nobody: () => null,
    'a developer': () => signedToken({ sub: 'dev@example.com', token_use: 'session' }),
    'an administrator narrowed to a team': () => signedToken({ teams: ['x'] }),
    'an administrator narrowed to nothing': () => signedToken({ teams: [] }),
    'an administrator’s token without teams': () => signedToken({ teams: undefined }),
    'an administrator’s token of one server': () => signedToken({ teams: null, scopes: { server_id: 'x' } }),
    'an administrator’s token of everything else': () => signedToken({ teams: null, scopes: { permissions: others } }),
  };

  it.each(Object.keys(CALLERS))('to %s', async (name) => {
    const token = CALLERS[name]?.() ?? null;
    for (const [method, path] of ROUTES) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : { is_admin: true };
      const { status } = await running.rest(method, path, body, token);
      expect([method, path, status]).toEqual([method, path, token === null ? 401 : 403]);
    }
  });

  it('where administrators are concerned, to a token that may not do everything', async () => {
    const capped = signedToken({ teams: null, scopes: { permissions: ['admin.user_management'] } });
    const as = (method: string, path: string, body?: object) => running.rest(method, path, body, capped);
    const user = { email: 'made@example.com', password: PASSWORD };
    expect((await as('GET', USERS)).status).toBe(200);
    expect((await as('POST', USERS, { ...user, is_admin: true })).status).toBe(403);
    expect((await as('POST', USERS, user)).status).toBe(201);
    expect((await as('PATCH', `${USERS}/${user.email}`, { is_admin: true })).status).toBe(403);
    expect((await as('PATCH', `${USERS}/${ADMIN.email}`, { password: PASSWORD })).status).toBe(403);
    expect((await as('DELETE', `${USERS}/${ADMIN.email}`)).status).toBe(403);
    expect((await as('PATCH', `${USERS}/${user.email}`, { full_name: 'Made' })).status).toBe(200);
    expect((await as('PATCH', `${USERS}/${user.email}`, { password: PASSWORD })).status).toBe(403);
    expect((await as('DELETE', `${USERS}/${user.email}`)).status).toBe(200);
  });

  describe('but own events are open', () => {
    it('to their owner alone, newest first, page by page', async () => {
      const login = { email: 'dev@example.com', password: PASSWORD };
      await running.rest('POST', '/auth/login', { ...login, password: 'wrong' }, null);
      const { access_token: token } = (await running.rest('POST', '/auth/login', login, null)).body;
      const { status, body } = await running.rest('GET', '/auth/email/events?limit=2', undefined, token);
      expect(status).toBe(200);
      expect(body).toMatchObject([
        { event_type: 'login', success: true, failure_reason: null, ip_address: '127.0.0.1' },
        { event_type: 'login', success: false, failure_reason: 'wrong_password' },
      ]);
      expect(Object.keys(body[0]).toSorted()).toEqual([
        'details',
        'event_type',
        'failure_reason',
        'id',
        'ip_address',
        'success',
        'timestamp',
        'user_agent',
        'user_email',
      ]);
      const second = await running.rest('GET', '/auth/email/events?limit=1&offset=1', undefined, token);
      expect(second.body).toEqual([body[1]]);
      const all = await running.rest('GET', '/auth/email/events?limit=500', undefined, token);
      expect(new Set(all.body.map((event: { user_email: string }) => event.user_email))).toEqual(
        new Set(['dev@example.com']),
      );
      for (const query of ['limit=0', 'limit=501', 'offset=-1', 'user_email=admin@example.com', 'limit=x'])
        expect((await running.rest('GET', `/auth/email/events?${query}`, undefined, token)).status, query).toBe(422);
    });

    it('not to a token that was given less', async () => {
      const capped = signedToken({ sub: 'dev@example.com', scopes: { permissions: ['tools.read'] } });
      expect((await running.rest('GET', '/auth/email/events', undefined, capped)).status).toBe(403);
    });
  });

  it('while all events are open to administrators, filtered', async () => {
    const since = new Date().toISOString();
    await running.rest('POST', '/auth/login', { email: 'no\u0007body@example.com', password: 'x' }, null);
    const { body } = await running.rest('GET', `/auth/email/admin/events?since=${since}&event_type=login`);
    expect(body).toMatchObject([{ user_email: 'no?body@example.com', failure_reason: 'unknown_account' }]);
    const created = await running.rest(
      'GET',
      `/auth/email/admin/events?user_email=${ADMIN.email}&event_type=account_created`,
    );
    expect(created.body).toMatchObject([{ success: true, details: { by: 'bootstrap' } }]);
    for (const query of ['event_type=x', 'since=yesterday', 'limit=501', 'foo=1'])
      expect((await running.rest('GET', `/auth/email/admin/events?${query}`)).status, query).toBe(422);
  });
});
