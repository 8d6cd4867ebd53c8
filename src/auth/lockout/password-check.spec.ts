import { Logger } from '@nestjs/common';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { PasswordChecks } from '../../../test/fixtures/password-checks.js';
import { MemoryMailer } from '../../../test/fixtures/fakes/memory-mailer.js';
import { UnreachableCounters } from '../../../test/fixtures/fakes/unreachable-counters.js';
import { openMemoryDatabase } from '../../../test/fixtures/memory-database.js';
import { PasswordCheck } from './password-check.js';

const PASSWORD = 'correct horse battery staple';
const ANN = 'ann@example.com';
const ROOT = 'root@example.com';

describe(PasswordCheck.name, () => {
  let database: DataSource;
  let mailer: MemoryMailer;
  let checks: PasswordChecks;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    database = await openMemoryDatabase();
    mailer = new MemoryMailer();
    checks = await PasswordChecks.on(database, { mailer });
    await checks.addUser(ANN, PASSWORD);
    await checks.addUser(ROOT, PASSWORD, { isAdmin: true });
    await checks.addUser('gone@example.com', PASSWORD, { isActive: false });
    await checks.users.create({ email: 'sso@example.com', passwordHash: '', fullName: null, isAdmin: false });
    checks.hasher.verified = [];
  });
  afterEach(() => database.destroy());

  const wrong = async (times: number, email = ANN): Promise<void> => {
    for (let time = 0; time < times; time += 1) await checks.attempt(email, 'wrong');
  };
  const ann = async () => checks.users.byEmail(ANN);
  /** Moves the end of a lock; what the clock would do. */
  const lockEndsAt = async (email: string, at: number): Promise<void> => {
    await database.query('UPDATE email_users SET locked_until = ? WHERE email = ?', [at, email]);
  };

  it('takes the right password, in any spelling of the e-mail', async () => {
    expect(await checks.attempt('Ann@Example.com', PASSWORD)).toBe('ok');
  });

  it.each([
    ['unknown', 'nobody@example.com', PASSWORD, 'unknown_account'],
    ['wrong', ANN, `${PASSWORD}!`, 'wrong_password'],
    ['empty', ANN, '', 'wrong_password'],
    ['disabled', 'gone@example.com', PASSWORD, 'account_disabled'],
    ['without a password', 'sso@example.com', '', 'no_password'],
    ['an injection', "' OR '1'='1", PASSWORD, 'unknown_account'],
  ])('refuses alike, hashes once and writes it down: %s', async (_, email, password, reason) => {
    expect(await checks.attempt(email, password)).toBe('invalid_credentials');
    expect(checks.hasher.verified).toHaveLength(1);
    expect(checks.hasher.verified[0]).toMatch(/^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
    expect(await checks.eventsOf('login')).toMatchObject([
      { userEmail: email.toLowerCase(), success: false, failureReason: reason, ipAddress: '192.0.2.1' },
    ]);
  });

  describe('locks', () => {
    it('after so many failures, and then the right password is refused alike, not even compared', async () => {
      await wrong(4);
      expect(await ann()).toMatchObject({ failedLoginAttempts: 4, lockedUntil: null });
      await wrong(1);
      const lockedUntil = (await ann())?.lockedUntil?.getTime() ?? 0;
      expect(lockedUntil - Date.now()).toBeGreaterThan(59 * 60_000);
      const { passwordHash } = (await ann()) ?? {};
      checks.hasher.verified = [];
      expect(await checks.attempt(ANN, PASSWORD)).toBe('invalid_credentials');
      expect(checks.hasher.verified).toHaveLength(1);
      expect(checks.hasher.verified).not.toContain(passwordHash);
      expect((await checks.eventsOf('login')).at(-1)).toMatchObject({ failureReason: 'account_locked' });
    });

    it('once: one event, one e-mail, and attempts meanwhile do not make it longer', async () => {
      await wrong(5);
      const before = (await ann())?.lockedUntil;
      await wrong(5);
      expect(await ann()).toMatchObject({ failedLoginAttempts: 10, lockedUntil: before });
      expect(await checks.eventsOf('account_locked')).toMatchObject([{ userEmail: ANN, details: { failures: 5 } }]);
      expect(mailer.sent).toMatchObject([{ to: ANN, subject: 'Your account was locked' }]);
      expect(JSON.stringify(mailer.sent)).not.toContain('wrong\n');
    });

    it('and counts anew when the lock has ended', async () => {
      await wrong(5);
      await lockEndsAt(ANN, Date.now() - 1);
      await wrong(1);
      expect(await ann()).toMatchObject({ failedLoginAttempts: 1, lockedUntil: null });
      expect(await checks.attempt(ANN, PASSWORD)).toBe('ok');
    });

    it('not those who succeed in between', async () => {
      await wrong(4);
      expect(await checks.attempt(ANN, PASSWORD)).toBe('ok');
      await wrong(4);
      expect(await checks.attempt(ANN, PASSWORD)).toBe('ok');
      expect(await ann()).toMatchObject({ failedLoginAttempts: 0, lockedUntil: null });
    });

    it('nobody for attempts that were not compared because too many came', async () => {
      const many = await Promise.all(Array.from({ length: 120 }, () => checks.attempt('x@example.com', 'wrong')));
      expect(many).toContain('too_many_requests');
      const busy = await PasswordChecks.on(database, { variables: { LOGIN_ATTEMPTS_PER_ADDRESS: '1000' } });
      const crowd = Array.from({ length: 100 }, () => busy.attempt('x@example.com', 'wrong'));
      const answer = await busy.attempt(ANN, 'wrong');
      expect(answer).toBe('overloaded');
      expect(await ann()).toMatchObject({ failedLoginAttempts: 0, lockedUntil: null });
      expect(new Set(await Promise.all(crowd))).toEqual(new Set(['invalid_credentials', 'overloaded']));
    });
  });

  describe('slows an administrator instead', () => {
    const root = async () => checks.users.byEmail(ROOT);

    it('for seconds, and tells it from a lock to nobody', async () => {
      await wrong(5, ROOT);
      const wait = ((await root())?.lockedUntil?.getTime() ?? 0) - Date.now();
      expect(wait).toBeLessThanOrEqual(1000);
      expect(await checks.attempt(ROOT, PASSWORD)).toBe('invalid_credentials');
      expect(await checks.eventsOf('account_locked')).toHaveLength(1);
    });

    it('one attempt at a time, for at most half a minute, and lets the right password in', async () => {
      await wrong(5, ROOT);
      for (let round = 0; round < 8; round += 1) {
        await lockEndsAt(ROOT, Date.now() - 1);
        const answers = await Promise.all([1, 2, 3].map(() => checks.attempt(ROOT, 'wrong')));
        expect(answers).toEqual(Array(3).fill('invalid_credentials'));
      }
      const reasons = (await checks.eventsOf('login')).map(({ failureReason }) => failureReason);
      expect(reasons.filter((reason) => reason === 'wrong_password')).toHaveLength(5 + 8);
      const wait = ((await root())?.lockedUntil?.getTime() ?? 0) - Date.now();
      expect(wait).toBeGreaterThan(14_000);
      expect(wait).toBeLessThanOrEqual(30_000);
      expect(await checks.eventsOf('account_locked')).toHaveLength(1);
      await lockEndsAt(ROOT, Date.now() - 1);
      expect(await checks.attempt(ROOT, PASSWORD)).toBe('ok');
      expect(await root()).toMatchObject({ failedLoginAttempts: 0, lockedUntil: null });
    });

    it('and forgets the failures of long ago', async () => {
      await wrong(6, ROOT);
      await lockEndsAt(ROOT, Date.now() - 61 * 60_000);
      await wrong(1, ROOT);
      expect(await root()).toMatchObject({ failedLoginAttempts: 1, lockedUntil: null });
    });

    it('unless told to lock them like everyone', async () => {
      checks = await PasswordChecks.on(database, { variables: { PROTECT_ALL_ADMINS: 'false' } });
      await wrong(5, ROOT);
      const wait = ((await root())?.lockedUntil?.getTime() ?? 0) - Date.now();
      expect(wait).toBeGreaterThan(59 * 60_000);
    });
  });

  describe('limits a source', () => {
    const few = { LOGIN_ATTEMPTS_PER_ADDRESS: '3' };

    it('whatever the accounts, before it hashes', async () => {
      checks = await PasswordChecks.on(database, { variables: few });
      for (const name of ['a', 'b', 'c']) await checks.attempt(`${name}@example.com`, PASSWORD);
      checks.hasher.verified = [];
      expect(await checks.attempt(ANN, PASSWORD)).toBe('too_many_requests');
      expect(checks.hasher.verified).toEqual([]);
      expect(await checks.attempt(ANN, PASSWORD, '192.0.2.2')).toBe('ok');
    });

    it('of IPv6 by its /64', async () => {
      checks = await PasswordChecks.on(database, { variables: few });
      for (const host of ['1', '2', '3']) await checks.attempt(ANN, PASSWORD, `2001:db8:0:1::${host}`);
      expect(await checks.attempt(ANN, PASSWORD, '2001:db8:0:1:ffff::4')).toBe('too_many_requests');
      expect(await checks.attempt(ANN, PASSWORD, '2001:db8:0:2::4')).toBe('ok');
    });

    it('not while the counters are out of reach, where the lock of the account still holds', async () => {
      checks = await PasswordChecks.on(database, { variables: few, counters: new UnreachableCounters() });
      await wrong(5);
      expect(await checks.attempt(ANN, PASSWORD)).toBe('invalid_credentials');
      expect(await checks.eventsOf('account_locked')).toHaveLength(1);
    });
  });

  it('does not let strangers fill the table of events', async () => {
    checks = await PasswordChecks.on(database, { variables: { AUTH_EVENT_FAILURES_PER_HOUR: '3' } });
    for (let time = 0; time < 8; time += 1) await checks.attempt(`${time}@example.com`, PASSWORD);
    await checks.attempt('other@example.com', PASSWORD, '192.0.2.2');
    const written = await checks.eventsOf('login');
    expect(written).toHaveLength(4);
    expect(written.at(-1)).toMatchObject({ userEmail: 'other@example.com', details: { unwritten: 5 } });
  });

  it('answers no refusal before the shortest time is over', async () => {
    checks = await PasswordChecks.on(database, { variables: { FAILED_LOGIN_MIN_RESPONSE_MS: '300' } });
    for (const email of [ANN, 'nobody@example.com', 'gone@example.com']) {
      const before = performance.now();
      await checks.attempt(email, 'wrong');
      expect(performance.now() - before, email).toBeGreaterThan(298);
    }
  });

  it('lets nobody wait whom it lets in', async () => {
    checks = await PasswordChecks.on(database, { variables: { FAILED_LOGIN_MIN_RESPONSE_MS: '5000' } });
    const ended: string[] = [];
    const refused = checks.attempt(ANN, 'wrong').then(() => ended.push('refused'));
    await checks.attempt(ANN, PASSWORD).then(() => ended.push('let in'));
    await refused;
    expect(ended).toEqual(['let in', 'refused']);
  });
});
