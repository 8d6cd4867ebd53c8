import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { AuthSettings } from './auth.settings.js';
import { LoginService } from './login.service.js';
import { PasswordHasher } from './password-hasher.js';
import type { User } from './user.entity.js';

const PASSWORD = 'correct horse battery staple';
const CLIENT = { address: '127.0.0.1', agent: 'a test' };

/** Counts what it verifies. */
class CountingHasher extends PasswordHasher {
  verified: string[] = [];

  override verify(passwordHash: string, password: string): Promise<boolean> {
    this.verified.push(passwordHash);
    return super.verify(passwordHash, password);
  }
}

describe(LoginService.name, () => {
  const settings = settingsOf(AuthSettings, { ARGON2ID_MEMORY_COST: '8192', ARGON2ID_TIME_COST: '1' });
  const hasher = new CountingHasher(settings);
  let identity: Identity;
  let logins: LoginService;
  let ann: User;
  beforeAll(async () => {
    identity = await Identity.open();
    const passwordHash = await hasher.hash(PASSWORD);
    ann = await identity.addUser('ann@example.com', { passwordHash });
    const gone = await identity.addUser('gone@example.com', { passwordHash });
    await identity.users.setActive(gone.id, false);
    await identity.addUser('federated@example.com', { passwordHash: '' });
    logins = new LoginService(identity.users, hasher, identity.sessionParts().service);
    await logins.onModuleInit();
  });
  afterAll(() => identity.close());
  beforeEach(() => {
    hasher.verified = [];
  });

  const refusal = (email: string, password: string): Promise<unknown> =>
    logins.signIn(email, password, CLIENT).catch((error: unknown) => error);

  it('gives a session that the resolver takes', async () => {
    const { user, issued } = await logins.signIn('Ann@Example.com', PASSWORD, CLIENT);
    expect(user.id).toBe(ann.id);
    expect(issued.expiresInSeconds).toBe(20 * 60);
    expect(await identity.resolver().resolve(issued.token)).toMatchObject({ kind: 'session', userId: ann.id });
  });

  it('notes when somebody signed in', async () => {
    const before = Date.now();
    await logins.signIn('ann@example.com', PASSWORD, CLIENT);
    const lastLogin = (await identity.users.byEmail('ann@example.com'))?.lastLogin?.getTime();
    expect(lastLogin).toBeGreaterThanOrEqual(before);
  });

  it.each([
    ['unknown', 'nobody@example.com', PASSWORD],
    ['wrong', 'ann@example.com', `${PASSWORD}!`],
    ['empty', 'ann@example.com', ''],
    ['disabled', 'gone@example.com', PASSWORD],
    ['without a password', 'federated@example.com', ''],
    ['an injection', "' OR '1'='1", PASSWORD],
  ])('answers alike and hashes once: %s', async (_, email, password) => {
    expect(await refusal(email, password)).toMatchObject({
      code: 'invalid_credentials',
      detail: 'Invalid email or password',
      reason: 'invalid_credentials',
    });
    expect(hasher.verified).toHaveLength(1);
    expect(hasher.verified[0]).toMatch(/^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
  });

  it('does not note a sign-in that failed', async () => {
    await refusal('gone@example.com', PASSWORD);
    expect((await identity.users.byEmail('gone@example.com'))?.lastLogin).toBeNull();
  });

  it('answers alike when too many come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        refusal(index % 2 === 0 ? 'ann@example.com' : 'nobody@example.com', 'wrong'),
      ),
    );
    const codes = answers.map((answer) => (answer as { code: string }).code);
    expect(new Set(codes)).toEqual(new Set(['invalid_credentials', 'overloaded']));
    expect(await refusal('nobody@example.com', 'wrong')).toMatchObject({ code: 'invalid_credentials' });
  });
});
