import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthEvent } from '../../../src/auth/events/auth-event.entity.js';
import { PasswordHasher } from '../../../src/auth/passwords/password-hasher.js';
import { PasswordReset } from '../../../src/auth/passwords/password-reset.entity.js';
import { ResetRequests } from '../../../src/auth/passwords/reset-requests.js';
import { SessionService } from '../../../src/auth/sessions/session.service.js';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../../src/auth/accounts/user.repository.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const PASSWORD = 'Correct horse, battery';
const NEXT = 'Purple cows; never slept';
const DOMAIN = 'https://gate.example.com';

describe('passwords', () => {
  let running: RunningGateway;
  let folder: string;
  let number = 0;
  let ann: User;

  const start = (variables: Record<string, string> = {}): Promise<RunningGateway> =>
    RunningGateway.start({ DATA_DIR: folder, APP_DOMAIN: DOMAIN, PASSWORD_RESET_RATE_LIMIT: '500', ...variables });
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-passwords-'));
    running = await start();
  });
  afterAll(async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    ann = await account(running, `person.${(number += 1)}@example.com`);
  });
  afterEach(() => {
    rmSync(join(folder, 'mail'), { recursive: true, force: true });
    vi.restoreAllMocks();
  });

  async function account({ gateway: { app } }: RunningGateway, email: string): Promise<User> {
    const passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
    return app.get(UserRepository).create({ email, passwordHash, fullName: null, isAdmin: false });
  }
  const change = (path: string, body: object, token: string | null = null) =>
    running.rest('POST', `/auth/email/${path}`, body, token);
  const rows = <T extends object>(type: new () => T) => running.gateway.app.get(DataSource).getRepository(type);
  const update = (more: Partial<User>) => rows(User).update({ id: ann.id }, more);
  const login = (password: string) => running.rest('POST', '/auth/login', { email: ann.email, password }, null);
  const session = async (): Promise<string> => (await login(PASSWORD)).body.access_token;
  const eventsOf = async (email: string, type: string): Promise<(string | null)[]> => {
    const found = await rows(AuthEvent).find({ where: { userEmail: email, eventType: type }, order: { id: 'ASC' } });
    return found.map(({ success, failureReason }) => (success ? 'ok' : failureReason));
  };
  const mails = (): string[] => {
    try {
      return readdirSync(join(folder, 'mail')).map((name) => readFileSync(join(folder, 'mail', name), 'utf8'));
    } catch {
      return [];
    }
  };
  async function forgotten(email: string): Promise<string[]> {
    expect((await change('forgot-password', { email })).status).toBe(200);
    await running.gateway.app.get(ResetRequests).idle();
    return mails();
  }
  async function resetLink(): Promise<string> {
    const [mail = ''] = await forgotten(ann.email);
    const plain = mail.replace(/=\r?\n/g, '');
    return /https:\/\/gate\.example\.com(\/auth\/email\/reset-password\/[\w-]{43})\r?$/m.exec(plain)?.[1] ?? 'no link';
  }
  const both = (password: string) => ({ new_password: password, confirm_password: password });
  const reset = (link: string, password: string) => running.rest('POST', link, both(password), null);

  describe('POST /auth/email/change-password', () => {
    it('replaces the password, ends every session, and writes it down', async () => {
      const ended = vi.spyOn(running.gateway.app.get(SessionService), 'endAll');
      const body = { old_password: PASSWORD, new_password: NEXT };
      const answer = await change('change-password', body, await session());
      expect([answer.status, answer.body.success]).toEqual([200, true]);
      expect([(await login(PASSWORD)).status, (await login(NEXT)).status]).toEqual([401, 200]);
      expect(ended).toHaveBeenCalledExactlyOnceWith(ann.id, 'password_changed');
      expect(await eventsOf(ann.email, 'password_change')).toEqual(['ok']);
    });

    it('is refused with a wrong old password, and writes that down', async () => {
      const answer = await change('change-password', { old_password: NEXT, new_password: NEXT }, await session());
      expect([answer.status, answer.body.detail]).toEqual([401, 'Current password is incorrect']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect((await login(PASSWORD)).status).toBe(200);
      expect(await eventsOf(ann.email, 'password_change')).toEqual(['wrong_password']);
    });

    it('names every rule that the new one breaks', async () => {
      const body = { old_password: PASSWORD, new_password: ann.email.split('@')[0] ?? '' };
      const answer = await change('change-password', body, await session());
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toMatch(
        /^The password must have at least 12 .*upper-case.*name in the e-mail address$/,
      );
      expect(await eventsOf(ann.email, 'password_change')).toEqual(['password_policy']);
    });

    it('does not take the present one again', async () => {
      const answer = await change(
        'change-password',
        { old_password: PASSWORD, new_password: PASSWORD },
        await session(),
      );
      expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('the present one')]);
    });

    it('takes sessions only', async () => {
      const body = { old_password: PASSWORD, new_password: NEXT };
      const minted = await running.mint(`passwords ${number}`);
      expect((await change('change-password', body, minted)).status).toBe(403);
      expect((await change('change-password', body)).status).toBe(401);
    });

    it.each([
      [{ old_password: PASSWORD }],
      [{ new_password: NEXT }],
      [{ old_password: PASSWORD, new_password: 'seven77' }],
      [{ old_password: PASSWORD, new_password: 'x'.repeat(1025) }],
      [{ old_password: PASSWORD, new_password: [NEXT] }],
      [{ old_password: PASSWORD, new_password: NEXT, email: 'admin@example.com' }],
    ])('answers 422 to %j', async (body) => {
      expect((await change('change-password', body, await session())).status).toBe(422);
    });
  });

  describe('POST /auth/email/change-password-required', () => {
    it('lets those change it who can’t sign in before they did', async () => {
      await update({ passwordChangeRequired: true });
      const body = { email: ann.email, old_password: PASSWORD, new_password: NEXT };
      expect((await change('change-password-required', body)).status).toBe(200);
      const answer = await login(NEXT);
      expect([answer.status, answer.body.user.password_change_required]).toEqual([200, false]);
    });

    it.each<[string, Partial<User>, string, string?]>([
      ['a wrong password', { fullName: 'Ann' }, NEXT],
      ['a disabled account', { isActive: false }, PASSWORD],
      ['an account of another provider', { authProvider: 'keycloak' }, PASSWORD],
      ['nobody', { fullName: 'Ann' }, PASSWORD, 'nobody@example.com'],
    ])('tells nothing of %s', async (_, more, old, email = ann.email) => {
      await update(more);
      const answer = await change('change-password-required', { email, old_password: old, new_password: NEXT });
      expect([answer.status, answer.body]).toEqual([
        401,
        { detail: 'Invalid email or password', code: 'invalid_credentials' },
      ]);
      expect((await rows(User).findOneByOrFail({ id: ann.id })).passwordHash).toBe(ann.passwordHash);
    });
  });

  describe('a forgotten password', () => {
    it('is replaced by the link in the e-mail, once', async () => {
      await update({ failedLoginAttempts: 9, lockedUntil: new Date(Date.now() + 3_600_000) });
      const ended = vi.spyOn(running.gateway.app.get(SessionService), 'endAll');
      const link = await resetLink();
      expect((await running.rest('GET', link, undefined, null)).body).toMatchObject({ success: true });
      const refused = await reset(link, 'too simple a password');
      expect(refused.status).toBe(400);
      expect((await reset(link, NEXT)).status).toBe(200);
      expect(ended).toHaveBeenCalledExactlyOnceWith(ann.id, 'password_changed');
      expect(await rows(User).findOneByOrFail({ id: ann.id })).toMatchObject({
        failedLoginAttempts: 0,
        lockedUntil: null,
      });
      expect((await login(NEXT)).status).toBe(200);
      for (const method of ['GET', 'POST']) {
        const again = await running.rest(
          method,
          link,
          method === 'POST' ? both('Another fine, password') : undefined,
          null,
        );
        expect([again.status, again.body.code]).toEqual([410, 'reset_token_over']);
      }
      expect(await eventsOf(ann.email, 'password_reset_requested')).toEqual(['ok']);
      expect(await eventsOf(ann.email, 'password_reset_completed')).toEqual(['password_policy', 'ok']);
      expect(await eventsOf(ann.email, 'account_unlocked')).toEqual(['ok']);
    });

    it('is over when its time has passed', async () => {
      const link = await resetLink();
      await rows(PasswordReset).update({ userId: ann.id }, { expiresAt: new Date(Date.now() - 1) });
      expect((await running.rest('GET', link, undefined, null)).status).toBe(410);
      expect((await reset(link, NEXT)).status).toBe(410);
      expect((await login(PASSWORD)).status).toBe(200);
    });

    it('is over when the account was disabled meanwhile', async () => {
      const link = await resetLink();
      await update({ isActive: false });
      expect((await reset(link, NEXT)).status).toBe(410);
    });

    it('links to the configured address whatever the Host header says', async () => {
      const response = await fetch(`${running.url}/auth/email/forgot-password`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-Host': 'evil.example.com' },
        body: JSON.stringify({ email: ann.email }),
      });
      expect(response.status).toBe(200);
      await running.gateway.app.get(ResetRequests).idle();
      expect(mails().join()).toContain(`${DOMAIN}/auth/email/reset-password/`);
      expect(mails().join()).not.toContain('evil.example.com');
    });

    it.each<[string, Partial<User>]>([
      ['disabled', { isActive: false }],
      ['not verified', { emailVerified: false }],
      ['of another provider', { authProvider: 'keycloak' }],
    ])('is not mailed to an account that is %s; the answer is the same', async (_, more) => {
      await update(more);
      const unknown = await change('forgot-password', { email: 'nobody@example.com' });
      const known = await change('forgot-password', { email: ann.email });
      await running.gateway.app.get(ResetRequests).idle();
      expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
      expect(mails()).toEqual([]);
      expect(await eventsOf(ann.email, 'password_reset_requested')).toEqual(['account_not_eligible']);
    });

    it.each(['x', '..%2f..', 'A'.repeat(43), 'A'.repeat(5000), `${'A'.repeat(42)}%27`])(
      'takes no token "%s"',
      async (token) => {
        const path = `/auth/email/reset-password/${token}`;
        for (const answer of [await running.rest('GET', path, undefined, null), await reset(path, NEXT)]) {
          expect([answer.status, answer.body.code]).toEqual([400, 'reset_token_invalid']);
        }
      },
    );

    it('asks for the new one twice, and for nothing else', async () => {
      const link = await resetLink();
      const answer = await running.rest('POST', link, { new_password: NEXT, confirm_password: PASSWORD }, null);
      expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining('confirm_password')]);
      expect((await running.rest('POST', link, { new_password: NEXT }, null)).status).toBe(422);
      expect((await running.rest('POST', link, { ...both(NEXT), email: 'x@example.com' }, null)).status).toBe(422);
      expect((await reset(link, NEXT)).status).toBe(200);
    });

    it.each([
      [{}],
      [{ email: 'ann' }],
      [{ email: ['a@example.com'] }],
      [{ email: 'a@example.com\r\nBcc: e@example.com' }],
    ])('answers 422 to %j', async (body) => {
      expect((await change('forgot-password', body)).status).toBe(422);
    });
  });

  it('of new accounts: nobody makes one unless that is switched on', async () => {
    const answer = await change('register', { email: 'new@example.com', password: PASSWORD });
    expect([answer.status, answer.body.detail]).toEqual([
      403,
      'Public registration is disabled. Please contact an administrator to create an account.',
    ]);
    expect(await running.gateway.app.get(UserRepository).byEmail('new@example.com')).toBeNull();
  });
});

describe('the limits of what strangers may do with passwords', () => {
  let running: RunningGateway;
  beforeEach(async () => {
    running = await RunningGateway.start({ PUBLIC_REGISTRATION_ENABLED: 'true', PASSWORD_RESET_RATE_LIMIT: '3' });
  });
  afterEach(() => running.stop());

  const post = (path: string, body: object) => running.rest('POST', `/auth/email/${path}`, body, null);
  const statuses = async (calls: Promise<{ status: number }>[]): Promise<number[]> =>
    (await Promise.all(calls)).map(({ status }) => status).sort((a, b) => a - b);

  it('hold for requests of a reset, and say when to come again', async () => {
    const ask = (index: number) => post('forgot-password', { email: `person${index}@example.com` });
    expect(await statuses([0, 1, 2, 3, 4, 5].map(ask))).toEqual([200, 200, 200, 429, 429, 429]);
    const refused = await ask(7);
    expect(refused.body).toEqual({ detail: 'Too many requests. Please try again later.', code: 'too_many_requests' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
  });

  it('hold for guesses of a token', async () => {
    const guess = (index: number) => running.rest('GET', `/auth/email/reset-password/${index}`, undefined, null);
    const answers = await statuses(Array.from({ length: 30 }, (_, index) => guess(index)));
    expect(answers).toEqual([...Array.from({ length: 18 }, () => 400), ...Array.from({ length: 12 }, () => 429)]);
  });

  it('hold for registrations', async () => {
    const register = (index: number) => post('register', { email: `person${index}@example.com`, password: PASSWORD });
    expect(await statuses([0, 1, 2, 3, 4].map(register))).toEqual([200, 200, 200, 429, 429]);
  });

  it('leave room to make an account of one’s own, without power', async () => {
    const answer = await post('register', { email: 'New.One@Example.com', password: PASSWORD, full_name: 'New' });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: expect.any(Number),
        user: expect.objectContaining({ email: 'new.one@example.com', is_admin: false, email_verified: false }),
      },
    ]);
    const { body: me } = await running.rest('GET', '/auth/email/me', undefined, answer.body.access_token);
    expect(me.full_name).toBe('New');
    const again = await post('register', { email: 'new.one@example.com', password: PASSWORD });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    const weak = await post('register', { email: 'weak@example.com', password: 'password1234' });
    expect([weak.status, weak.body.detail]).toEqual([400, expect.stringContaining('common password')]);
  });

  it.each([{ is_admin: true }, { email_verified: true }, { auth_provider: 'x' }, { password_change_required: false }])(
    'take no %j',
    async (more) => {
      const body = { email: 'new@example.com', password: PASSWORD, ...more };
      expect((await post('register', body)).status).toBe(422);
    },
  );
});

describe('a mail server that hangs', () => {
  let hanging: Server;
  let running: RunningGateway;
  beforeAll(async () => {
    hanging = createServer(() => undefined).listen(0, 'localhost');
    await once(hanging, 'listening');
    running = await RunningGateway.start({
      SMTP_HOST: 'localhost',
      SMTP_PORT: String((hanging.address() as AddressInfo).port),
      SMTP_TIMEOUT_SECONDS: '1',
      PASSWORD_RESET_RATE_LIMIT: '500',
    });
  });
  afterAll(async () => {
    await running.stop();
    hanging.close();
  });

  const ask = () => running.rest('POST', '/auth/email/forgot-password', { email: 'admin@example.com' }, null);

  it('is not waited for by those who ask, and is written down', async () => {
    expect((await ask()).status).toBe(200);
    await running.gateway.app.get(ResetRequests).idle();
    const events = running.gateway.app.get(DataSource).getRepository(AuthEvent);
    const [event] = await events.findBy({ eventType: 'password_reset_requested' });
    expect(event).toMatchObject({ success: false, failureReason: 'mail_failed' });
  });

  it('lets so many wait, and refuses the next alike', async () => {
    const answers = await Promise.all(Array.from({ length: 120 }, ask));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
    const stranger = { email: 'nobody@example.com' };
    expect((await running.rest('POST', '/auth/email/forgot-password', stranger, null)).status).toBe(503);
  });

  it('does not hold up the end: of those who wait for their turn none has it', async () => {
    const written = () =>
      running.gateway.app.get(DataSource).getRepository(AuthEvent).countBy({ eventType: 'password_reset_requested' });
    await Promise.all(Array.from({ length: 20 }, ask));
    const requests = running.gateway.app.get(ResetRequests);
    const ended = requests.beforeApplicationShutdown();
    const before = await written();
    await ended;
    await requests.idle();
    // Of the two that had theirs.
    expect((await written()) - before).toBeLessThanOrEqual(2);
  });
});

describe('a gateway without password resets', () => {
  it('refuses each of their routes', async () => {
    const running = await RunningGateway.start({ PASSWORD_RESET_ENABLED: 'false' });
    const answers = [
      await running.rest('POST', '/auth/email/forgot-password', { email: 'ann@example.com' }, null),
      await running.rest('GET', '/auth/email/reset-password/x', undefined, null),
      await running.rest('POST', '/auth/email/reset-password/x', { new_password: NEXT, confirm_password: NEXT }, null),
    ];
    await running.stop();
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual(
      answers.map(() => [403, 'Password reset is disabled']),
    );
  });
});
