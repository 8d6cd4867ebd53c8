import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ENTITIES } from '../../src/app.entities.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { Lockout } from '../../src/auth/lockout/lockout.js';
import { openDatabase } from '../../src/database/open-database.js';
import { PasswordChecks } from '../fixtures/password-checks.js';
import { databaseSettings } from '../fixtures/database/database-settings.js';
import { onEveryDatabase } from './on-every-database.js';
import { MIGRATIONS } from '../../src/app.migrations.js';

const PASSWORD = 'correct horse battery staple';

describe(Lockout.name, () => {
  beforeAll(() => Logger.overrideLogger(false));
  onEveryDatabase((database) => {
    let second: DataSource;
    let replicas: PasswordChecks[];
    let names = 0;
    let email: string;
    beforeAll(async () => {
      const settings = databaseSettings({ DATABASE_URL: database.url });
      // Two connections of one process to one SQLite file would wait for each other for ever: SQLite waits without yielding.
      second =
        database.engine === 'SQLite'
          ? database.dataSource
          : await openDatabase(settings, { entities: ENTITIES, migrations: MIGRATIONS });
      replicas = await Promise.all([database.dataSource, second].map((source) => PasswordChecks.on(source)));
    });
    afterAll(async () => {
      if (second !== database.dataSource) await second?.destroy();
    });
    beforeEach(() => {
      email = `user${(names += 1)}@example.com`;
    });

    const one = (): PasswordChecks => replicas[0] as PasswordChecks;
    /** Attempts that come at once, in turn to each replica. */
    const atOnce = (count: number, passwordOf: (index: number) => string): Promise<string[]> =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          (replicas[index % 2] as PasswordChecks).attempt(email, passwordOf(index), `192.0.2.${index}`),
        ),
      );
    const row = () => database.dataSource.getRepository(User).findOneByOrFail({ email });
    const eventsOf = async (type: string) =>
      (await one().eventsOf(type)).filter(({ userEmail }) => userEmail === email);

    it('counts 20 wrong ones at once exactly, compares 5 and locks once', async () => {
      await one().addUser(email, PASSWORD);
      const answers = await atOnce(20, () => 'wrong');
      expect(answers).toEqual(Array(20).fill('invalid_credentials'));
      const { failedLoginAttempts, lockedUntil } = await row();
      expect(failedLoginAttempts).toBe(20);
      expect((lockedUntil?.getTime() ?? 0) - Date.now()).toBeGreaterThan(59 * 60_000);
      expect(await eventsOf('account_locked')).toHaveLength(1);
      const reasons = (await eventsOf('login')).map(({ failureReason }) => failureReason);
      expect(reasons.filter((reason) => reason === 'wrong_password')).toHaveLength(5);
      expect(reasons.filter((reason) => reason === 'account_locked')).toHaveLength(15);
      expect(await one().attempt(email, PASSWORD)).toBe('invalid_credentials');
    });

    it('locks once again when 20 come after a lock has ended', async () => {
      await one().addUser(email, PASSWORD);
      await atOnce(6, () => 'wrong');
      await database.dataSource.getRepository(User).update({ email }, { lockedUntil: new Date(Date.now() - 1) });
      await atOnce(20, () => 'wrong');
      expect((await row()).failedLoginAttempts).toBe(20);
      expect(await eventsOf('account_locked')).toHaveLength(2);
    });

    it('lets an administrator try once a wait, however many come at once', async () => {
      await one().addUser(email, PASSWORD, { isAdmin: true });
      await atOnce(20, () => 'wrong');
      await database.dataSource.getRepository(User).update({ email }, { lockedUntil: new Date(Date.now() - 1) });
      await atOnce(20, () => 'wrong');
      const reasons = (await eventsOf('login')).map(({ failureReason }) => failureReason);
      expect(reasons.filter((reason) => reason === 'wrong_password')).toHaveLength(5 + 1);
      expect((await row()).failedLoginAttempts).toBe(40);
      expect(await eventsOf('account_locked')).toHaveLength(1);
    });

    it('opens again to whoever succeeds among few failures', async () => {
      await one().addUser(email, PASSWORD);
      const answers = await atOnce(4, (index) => (index === 2 ? PASSWORD : 'wrong'));
      expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1);
      expect(await one().attempt(email, PASSWORD)).toBe('ok');
      expect(await row()).toMatchObject({ failedLoginAttempts: 0, lockedUntil: null });
    });

    it('does not let somebody in who is disabled while the password is compared', async () => {
      const user = await one().addUser(email, PASSWORD);
      await one().lockout.admit(user);
      await one().users.setActive(user.id, false);
      expect(await one().lockout.forgive(user)).toBe(false);
    });

    it('takes back what was not compared, and the lock it made', async () => {
      const user = await one().addUser(email, PASSWORD);
      await atOnce(4, () => 'wrong');
      await one().lockout.takeBack(user, await one().lockout.admit(user));
      expect(await row()).toMatchObject({ failedLoginAttempts: 4, lockedUntil: null });
    });
  });
});
