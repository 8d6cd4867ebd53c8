import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { PasswordPolicy } from './password-policy.js';
import { PasswordSettings } from './password.settings.js';

const ANN = { email: 'ann.smith@example.com', isAdmin: false };
const ROOT = { email: 'root@example.com', isAdmin: true };
const ROBOT = { email: 'robot@example.com', isAdmin: false, isService: true };
const SHORT = /at least \d+ characters/;

const policy = (variables: Record<string, string> = {}): PasswordPolicy =>
  new PasswordPolicy(settingsOf(PasswordSettings, variables));

describe(PasswordPolicy.name, () => {
  it.each([
    ['a passphrase', 'Correct horse battery staple', ANN],
    ['words with runs in them', 'The first burst, understood', ANN],
    ['accents', 'Größe über älles', ANN],
    ['no Latin at all', 'Пароль для входа 7', ANN],
    ['emoji as the other characters', 'Correct🐴battery🔋staple', ANN],
    ['1024 characters', `Aa!${'xq'.repeat(510)}z`, ANN],
    ['as long as an administrator needs', 'Correct horse battery!', ROOT],
    ['as long as a program needs', 'Correct horse batter', ROBOT],
    ['a name of two letters in the address', 'Correct horse jo', { email: 'jo@example.com', isAdmin: false }],
    ['a common word in a longer text', 'My password is a purple cow', ANN],
  ])('takes %s', (_, password, owner) => {
    expect(policy().faults(password, owner)).toEqual([]);
  });

  it.each([
    ['too short', 'Short horse', ANN, SHORT],
    ['too short for an administrator', 'Correct horse battery', ROOT, SHORT],
    ['too short for a program', 'Correct horse batte', ROBOT, SHORT],
    ['long by a run up', 'Xy! abcdefghijk', ANN, SHORT],
    ['long by a run down', 'Xy! 98765432109876', ANN, SHORT],
    ['long by repetition', `Xy! ${'z'.repeat(20)}`, ANN, SHORT],
    ['long by one ligature', 'Xy! \uFDFA', ANN, SHORT],
    ['without upper case', 'correct horse 7 battery', ANN, /an upper-case letter/],
    ['without lower case', 'CORRECT HORSE 7 BATTERY', ANN, /a lower-case letter/],
    ['without another character', 'Correct7horse7battery', ANN, /neither letter nor digit/],
    ['two classes', 'correct-horse-battery', ANN, /3 of/],
    ['common', 'password', ANN, /common password/],
    ['common in capitals', 'PASSWORD', ANN, /common password/],
    ['common with decoration', '!Administrator2026!', ANN, /common password/],
    ['common in full-width letters', 'Ｐａｓｓｗｏｒｄ', ANN, /common password/],
    ['a default', 'changeme', ANN, /common password/],
    ['the e-mail’s name', 'My Ann.Smith is 4 horses', ANN, /name in the e-mail/],
    ['the e-mail’s name in full width', 'My ａｎｎ.ｓｍｉｔｈ is 4', ANN, /name in the e-mail/],
    ['1025 characters', `Aa!${'xq'.repeat(511)}`, ANN, /at most 1024/],
    ['empty', '', ANN, SHORT],
  ])('refuses one that is %s', (_, password, owner, fault) => {
    expect(policy().faults(password, owner).join('; ')).toMatch(fault);
  });

  it('names every rule that is broken', () => {
    expect(
      policy({ PASSWORD_REQUIRE_NUMBERS: 'true' }).faults('dragon', { ...ANN, email: 'dragon@example.com' }),
    ).toEqual([
      expect.stringMatching(SHORT),
      'must have an upper-case letter',
      'must have a digit',
      'must have a character that is neither letter nor digit',
      'must have 3 of: upper case, lower case, digits, other characters',
      'must not be a common password, nor one with digits or signs around it',
      'must not contain the name in the e-mail address',
    ]);
  });

  it.each([
    [{ PASSWORD_MIN_LENGTH: '30' }, ANN, 30],
    [{ PASSWORD_MIN_LENGTH: '20' }, ROOT, 22],
    [{ PASSWORD_MIN_LENGTH_USER: '9' }, ANN, 9],
    [{ PASSWORD_MIN_LENGTH_SERVICE: '40' }, ROBOT, 40],
    [{ PASSWORD_MIN_LENGTH_SERVICE: '40' }, { ...ROBOT, isAdmin: true }, 40],
  ])('lets the larger length win: %j', (variables: Record<string, string>, owner, expected) => {
    expect(policy(variables).faults('', owner)[0]).toContain(`at least ${expected} characters`);
  });

  it('asks for nothing but a bound when it is off', () => {
    const off = policy({ PASSWORD_POLICY_ENABLED: 'false' });
    expect(off.faults('password', ANN)).toEqual([]);
    expect(off.faults('', ANN)).toEqual(['must not be empty']);
    expect(off.faults('x'.repeat(1025), ANN)).toHaveLength(1);
  });
});
