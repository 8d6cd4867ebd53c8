import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PasswordHasher } from '../../src/auth/passwords/password-hasher.js';
import { FormerPassword } from '../../src/auth/passwords/password-history.entity.js';
import { PasswordReset } from '../../src/auth/passwords/password-reset.entity.js';
import { Passwords } from '../../src/auth/passwords/passwords.js';
import { ResetTokens } from '../../src/auth/passwords/reset-tokens.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { onEveryDatabase } from './on-every-database.js';

const AT_ONCE = 20;
const password = (name: string): string => `Correct horse, ${name}`;

describe(Passwords.name, () => {
  onEveryDatabase((database) => {
    let running: RunningGateway;
    let passwords: Passwords;
    let hasher: PasswordHasher;

    beforeAll(async () => {
      running = await RunningGateway.start({
        DATABASE_URL: database.url,
        PASSWORD_HISTORY_COUNT: '2',
        PASSWORD_RESET_RATE_LIMIT: '1000',
      });
      passwords = running.gateway.app.get(Passwords);
      hasher = running.gateway.app.get(PasswordHasher);
    });
    afterAll(() => running.stop());

    const account = async (email: string): Promise<User> => {
      const user = { email, passwordHash: await hasher.hash(password('first')), fullName: null, isAdmin: false };
      return running.gateway.app.get(UserRepository).create(user);
    };
    const stored = ({ id }: User): Promise<User> => database.dataSource.getRepository(User).findOneByOrFail({ id });
    const set = async (user: User, name: string): Promise<void> =>
      passwords.set(await stored(user), password(name), { changeRequired: false });
    const former = ({ id }: User): Promise<number> =>
      database.dataSource.getRepository(FormerPassword).countBy({ userId: id });
    const issue = async (user: User): Promise<string> =>
      (await running.gateway.app.get(ResetTokens).issue(user, '127.0.0.1')).token;
    const reset = async (token: string, name: string): Promise<number> => {
      const body = { new_password: password(name), confirm_password: password(name) };
      return (await running.rest('POST', `/auth/email/reset-password/${token}`, body, null)).status;
    };

    it('takes back none of the last passwords, and forgets older ones', async () => {
      const ann = await account('ann@example.com');
      await expect(set(ann, 'first')).rejects.toMatchObject({ code: 'bad_request', reason: 'password_reuse' });
      await set(ann, 'second');
      await expect(set(ann, 'first')).rejects.toMatchObject({ reason: 'password_reuse' });
      await set(ann, 'third');
      await expect(set(ann, 'first')).rejects.toMatchObject({ reason: 'password_reuse' });
      await set(ann, 'fourth');
      expect(await former(ann)).toBe(2);
      await expect(set(ann, 'second')).rejects.toMatchObject({ reason: 'password_reuse' });
      await set(ann, 'first');
      expect(await hasher.verify((await stored(ann)).passwordHash, password('first'))).toBe(true);
      expect(await former(ann)).toBe(2);
    });

    it('notes when, and whether another is due', async () => {
      const old = await account('bob@example.com');
      const before = Date.now();
      await passwords.set(old, password('second'), { changeRequired: true });
      const { passwordChangedAt, passwordChangeRequired } = await stored(old);
      expect(passwordChangedAt?.getTime()).toBeGreaterThanOrEqual(before);
      expect(passwordChangeRequired).toBe(true);
      await set(old, 'third');
      expect((await stored(old)).passwordChangeRequired).toBe(false);
    });

    it('lets one of several changes of the same password win', async () => {
      const eve = await account('eve@example.com');
      const changes = ['second', 'third', 'fourth'].map((name) =>
        passwords.set(eve, password(name), { changeRequired: false }).then(
          () => name,
          (error: unknown) => (error as { code: string }).code,
        ),
      );
      const [winner, ...losers] = (await Promise.all(changes)).sort(
        (a, b) => Number(a === 'conflict') - Number(b === 'conflict'),
      );
      expect(losers).toEqual(['conflict', 'conflict']);
      expect(await hasher.verify((await stored(eve)).passwordHash, password(winner ?? ''))).toBe(true);
      expect(await former(eve)).toBe(1);
    });

    it('changes nothing when what belongs to it fails', async () => {
      const dan = await account('dan@example.com');
      const alongside = () => Promise.reject(new Error('meant to fail'));
      const failing = passwords.set(dan, password('second'), { changeRequired: false, alongside });
      await expect(failing).rejects.toThrow('meant to fail');
      expect([(await stored(dan)).passwordHash, await former(dan)]).toEqual([dan.passwordHash, 0]);
    });

    it('takes a reset token once, however many come at once', async () => {
      const gus = await account('gus@example.com');
      const token = await issue(gus);
      const names = Array.from({ length: AT_ONCE }, (_, index) => `reset ${index}`);
      const answers = await Promise.all(names.map((name) => reset(token, name)));
      expect(answers.filter((status) => status === 200)).toHaveLength(1);
      expect(answers.filter((status) => status === 410)).toHaveLength(AT_ONCE - 1);
      const winner = password(names[answers.indexOf(200)] ?? '');
      expect(await hasher.verify((await stored(gus)).passwordHash, winner)).toBe(true);
      expect(await former(gus)).toBe(1);
    });

    it('takes one of an account’s tokens, however many are open', async () => {
      const [una, other] = [await account('una@example.com'), await account('other@example.com')];
      const tokens = await Promise.all(Array.from({ length: AT_ONCE }, () => issue(una)));
      const others = await issue(other);
      const answers = await Promise.all(tokens.map((token, index) => reset(token, `reset ${index}`)));
      expect(answers.filter((status) => status === 200)).toHaveLength(1);
      expect(answers.filter((status) => status === 410)).toHaveLength(AT_ONCE - 1);
      expect(await reset(others, 'second')).toBe(200);
    });

    it('takes no token that was issued before the password was changed by other means', async () => {
      const [zoe, other] = [await account('zoe@example.com'), await account('yan@example.com')];
      const [token, others] = [await issue(zoe), await issue(other)];
      await set(zoe, 'second');
      expect(await reset(token, 'third')).toBe(410);
      expect(await hasher.verify((await stored(zoe)).passwordHash, password('second'))).toBe(true);
      expect(await reset(others, 'second')).toBe(200);
    });

    it('keeps of a token nothing that opens anything', async () => {
      const kim = await account('kim@example.com');
      const token = await issue(kim);
      const [row] = await database.dataSource.getRepository(PasswordReset).findBy({ userId: kim.id });
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(JSON.stringify(row)).not.toContain(token);
      expect(await reset(row?.tokenHash ?? '', 'second')).toBe(400);
      expect(await reset(token, 'second')).toBe(200);
    });
  });
});
