import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PasswordHasher } from '../../../src/auth/passwords/password-hasher.js';
import { UserRepository } from '../../../src/auth/accounts/user.repository.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';

const PASSWORD = 'ann’s own passphrase \u{1F511} with spaces ';

describe('signing in', () => {
  let running: RunningGateway;
  let annId: string;

  beforeAll(async () => {
    running = await RunningGateway.start({
      TOKEN_EXPIRY: '30',
      // Slow enough that logins queue up.
      ARGON2ID_MEMORY_COST: '32768',
      ARGON2ID_TIME_COST: '3',
      // What is tested here is not the lock.
      MAX_FAILED_LOGIN_ATTEMPTS: '1000',
      LOGIN_ATTEMPTS_PER_ADDRESS: '1000',
    });
    const { app } = running.gateway;
    const passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
    annId = (
      await app.get(UserRepository).create({ email: 'ann@example.com', passwordHash, fullName: 'Ann', isAdmin: false })
    ).id;
  });
  afterAll(() => running.stop());

  const login = (body: object, path = '/auth/login') => running.rest('POST', path, body, null);

  it.each([
    ['/auth/login', { email: 'ann@example.com' }],
    ['/auth/login', { username: 'ann@example.com' }],
    ['/auth/email/login', { email: 'ANN@Example.COM' }],
  ])('at %s with %j gives a session token', async (path, name) => {
    const { status, body } = await login({ ...name, password: PASSWORD }, path);
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 1800,
        user: {
          email: 'ann@example.com',
          full_name: 'Ann',
          is_admin: false,
          is_active: true,
          auth_provider: 'local',
          created_at: expect.any(String),
          last_login: expect.any(String),
          email_verified: true,
          password_change_required: false,
          failed_login_attempts: 0,
          locked_until: null,
          is_locked: false,
        },
      },
    ]);
    const claims = JSON.parse(Buffer.from(body.access_token.split('.')[1], 'base64url').toString());
    expect(claims).toEqual({
      sub: annId,
      iss: 'mcpgateway',
      aud: 'mcpgateway-api',
      env: 'development',
      token_use: 'session',
      auth_provider: 'local',
      jti: expect.any(String),
      sid: expect.stringMatching(/^[0-9a-f]{32}$/),
      session_start: claims.iat,
      iat: expect.any(Number),
      exp: claims.iat + 1800,
    });
    const me = await running.rest('GET', '/auth/email/me', undefined, body.access_token);
    expect([me.status, me.body]).toEqual([200, body.user]);
  });

  it.each([
    [401, { email: 'ann@example.com', password: PASSWORD.trim() }],
    [401, { email: 'ann@example.com', password: PASSWORD.toUpperCase() }],
    [401, { email: ' ann@example.com', password: PASSWORD }],
    [401, { email: 'ann%@example.com', password: PASSWORD }],
    [401, { email: "' OR '1'='1@example.com", password: PASSWORD }],
    [401, { email: ADMIN.email, password: PASSWORD }],
    [400, { username: 'ann', password: PASSWORD }],
    [400, { password: PASSWORD }],
    [422, { email: 'ann@example.com' }],
    [422, { email: 'ann@example.com', password: '' }],
    [422, { email: 'ann@example.com', password: `${PASSWORD}\0` }],
    [422, { email: 'ann@example.com', password: 'x'.repeat(1025) }],
    [422, { email: 'ann@example.com', password: [PASSWORD] }],
    [422, { email: { $ne: null }, password: PASSWORD }],
    [422, { email: ['ann@example.com'], password: PASSWORD }],
    [422, { email: 'x'.repeat(256), password: PASSWORD }],
    [422, { email: 'ann@example.com', password: PASSWORD, is_admin: true }],
  ])('answers %i to %j', async (status, body) => {
    const answer = await login(body);
    expect(answer.status).toBe(status);
    if (status === 401)
      expect(answer.body).toEqual({ detail: 'Invalid email or password', code: 'invalid_credentials' });
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(JSON.stringify(answer.body)).not.toContain(PASSWORD);
  });

  it('is over for an account that was disabled, and nobody learns why', async () => {
    const users = running.gateway.app.get(UserRepository);
    await users.setActive(annId, false);
    const answer = await login({ email: 'ann@example.com', password: PASSWORD });
    expect([answer.status, answer.body.detail]).toEqual([401, 'Invalid email or password']);
    await users.setActive(annId, true);
    expect((await login({ email: 'ann@example.com', password: PASSWORD })).status).toBe(200);
  });

  it('of many at once is bounded, and the rest of the gateway goes on', async () => {
    const many = Array.from({ length: 120 }, () => login({ email: 'ann@example.com', password: 'wrong' }));
    const other = await running.rest('GET', '/tools');
    expect(other.status).toBe(200);
    const answers = await Promise.all(many);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
    expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('1');
    expect((await login({ email: 'ann@example.com', password: PASSWORD })).status).toBe(200);
  });
});
