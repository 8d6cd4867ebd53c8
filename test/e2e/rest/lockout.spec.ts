import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UserRepository } from '../../../src/auth/accounts/user.repository.js';
import { PasswordHasher } from '../../../src/auth/passwords/password-hasher.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';

const PASSWORD = 'Correct-Horse_Battery!Staple';
const USERS = '/auth/email/admin/users';

describe('wrong passwords', () => {
  let running: RunningGateway;
  let names = 0;
  let email: string;

  beforeAll(async () => {
    running = await RunningGateway.start({
      FAILED_LOGIN_MIN_RESPONSE_MS: '50',
      LOGIN_ATTEMPTS_PER_ADDRESS: '200',
    });
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    const { app } = running.gateway;
    email = `person${(names += 1)}@example.com`;
    const passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
    await app.get(UserRepository).create({ email, passwordHash, fullName: null, isAdmin: false });
  });

  const login = (password: string, who = email) => running.rest('POST', '/auth/login', { email: who, password }, null);
  const account = async () => (await running.rest('GET', `${USERS}/${email}`)).body;
  const events = async (type: string) =>
    (await running.rest('GET', `/auth/email/admin/events?user_email=${email}&event_type=${type}`)).body;

  it('lock the account, and the right one is answered like an unknown account', async () => {
    for (let time = 0; time < 7; time += 1) expect((await login('wrong')).status).toBe(401);
    const [locked, unknown] = [await login(PASSWORD), await login(PASSWORD, 'nobody@example.com')];
    expect([locked.status, locked.body]).toEqual([unknown.status, unknown.body]);
    expect([...locked.headers.keys()]).toEqual([...unknown.headers.keys()]);
    expect(locked.body.detail).toBe('Invalid email or password');
    expect(await account()).toMatchObject({
      failed_login_attempts: 8,
      is_locked: true,
      locked_until: expect.any(String),
    });
    expect(await events('account_locked')).toMatchObject([{ success: true, ip_address: '127.0.0.1' }]);
  });

  it('of 20 at once lock it exactly once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => login('wrong')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(await account()).toMatchObject({ failed_login_attempts: 20, is_locked: true });
    expect(await events('account_locked')).toHaveLength(1);
  });

  it('are forgotten after the right one, and the answer says so', async () => {
    await login('wrong');
    expect((await login(PASSWORD)).body).toMatchObject({ user: { failed_login_attempts: 0 } });
  });

  it('are forgotten when an administrator unlocks the account', async () => {
    for (let time = 0; time < 5; time += 1) await login('wrong');
    const { status, body } = await running.rest('POST', `${USERS}/${email}/unlock`);
    expect([status, body]).toEqual([200, { success: true, message: 'User unlocked successfully' }]);
    expect((await login(PASSWORD)).status).toBe(200);
    expect(await account()).toMatchObject({ failed_login_attempts: 0, is_locked: false, locked_until: null });
    expect(await events('account_unlocked')).toMatchObject([{ details: { by: ADMIN.email } }]);
  });

  it('are refused no sooner than the shortest time', async () => {
    for (const who of [email, 'nobody@example.com']) {
      const before = performance.now();
      await login('wrong', who);
      expect(performance.now() - before).toBeGreaterThan(48);
    }
  });
});

describe('sign-ins of one source', () => {
  let running: RunningGateway;
  beforeAll(async () => {
    // The fixture itself signs in once.
    running = await RunningGateway.start({ LOGIN_ATTEMPTS_PER_ADDRESS: '4', FAILED_LOGIN_MIN_RESPONSE_MS: '0' });
  });
  afterAll(() => running.stop());

  it('are limited, whatever the accounts and whatever the source says of itself', async () => {
    const login = (email: string, password: string, forwarded: string) =>
      fetch(`${running.url}/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': forwarded },
        body: JSON.stringify({ email, password }),
      });
    for (const name of ['a', 'b', 'c'])
      expect((await login(`${name}@example.com`, 'Winter2026!', '203.0.113.1')).status).toBe(401);
    const limited = await login(ADMIN.email, ADMIN.password, '203.0.113.2');
    expect(limited.status).toBe(429);
    expect(await limited.json()).toEqual({
      detail: 'Too many requests. Please try again later.',
      code: 'too_many_requests',
    });
    const seconds = Number(limited.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(15 * 60);
  });
});
