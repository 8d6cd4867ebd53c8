import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { AuthSettings } from '../auth.settings.js';
import { PasswordHasher } from './password-hasher.js';

const CHEAP = { ARGON2ID_MEMORY_COST: '8192', ARGON2ID_TIME_COST: '1' };

describe(PasswordHasher.name, () => {
  const hasher = new PasswordHasher(settingsOf(AuthSettings, CHEAP));

  it('makes Argon2id with the costs of the settings, and another text each time', async () => {
    const [first, second] = await Promise.all([hasher.hash('a password'), hasher.hash('a password')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=8192,t=1,p=1\$/);
    expect(first).not.toBe(second);
  });

  it.each([
    ['a short one', 'pw'],
    ['128 characters', 'x'.repeat(128)],
    ['1024 characters', 'é'.repeat(1024)],
    ['blanks and emoji', ' 🔐 correct  horse '],
    ['a NUL', 'before\u0000after'],
  ])('compares the whole of %s', async (_, password) => {
    const passwordHash = await hasher.hash(password);
    const others = [`${password} `, `${password}x`, password.slice(0, -1), password.toUpperCase(), ''];
    const matches = await Promise.all(
      [password, ...others.filter((other) => other !== password)].map((one) => hasher.verify(passwordHash, one)),
    );
    expect(matches).toEqual([true, ...matches.slice(1).map(() => false)]);
  });

  it('takes an accent however the keyboard writes it', async () => {
    expect(await hasher.verify(await hasher.hash('Zo\u00eb'), 'Zoe\u0308')).toBe(true);
  });

  it('knows a hash of other costs', async () => {
    const dearer = new PasswordHasher(settingsOf(AuthSettings, { ...CHEAP, ARGON2ID_TIME_COST: '2' }));
    expect(await hasher.verify(await dearer.hash('a password'), 'a password')).toBe(true);
  });

  it.each([
    ['the same', {}, false],
    ['another time', { ARGON2ID_TIME_COST: '2' }, true],
    ['another memory', { ARGON2ID_MEMORY_COST: '9216' }, true],
    ['other lanes', { ARGON2ID_PARALLELISM: '2' }, true],
  ])('says whether a hash is to be made anew: costs are %s', async (_, variables, expected) => {
    const later = new PasswordHasher(settingsOf(AuthSettings, { ...CHEAP, ...variables }));
    expect(later.needsRehash(await hasher.hash('a password'))).toBe(expected);
  });

  it.each(['', 'none', 'a password', '$argon2id$'])('does not match what is no hash: "%s"', async (passwordHash) => {
    await expect(hasher.verify(passwordHash, passwordHash)).rejects.toThrow(Error);
  });

  it('takes 52 at a time and refuses the next', async () => {
    const passwordHash = await hasher.hash('a password');
    const all = Array.from({ length: 60 }, () => hasher.verify(passwordHash, 'a password').catch(() => 'refused'));
    const answers = await Promise.all(all);
    expect(answers.filter((answer) => answer === true)).toHaveLength(52);
    expect(answers.slice(52)).toEqual(Array.from({ length: 8 }, () => 'refused'));
  });
});
