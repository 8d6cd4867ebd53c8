import { Logger } from '@nestjs/common';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { User } from '../accounts/user.entity.js';
import { PasswordAge } from './password-age.js';
import { PasswordSettings } from './password.settings.js';

const NOW = Date.UTC(2026, 10, 22);
const daysAgo = (days: number): Date => new Date(NOW - days * 86_400_000);
const ages = (variables: Record<string, string> = {}): PasswordAge =>
  new PasswordAge(settingsOf(PasswordSettings, variables));

const account = (more: Partial<User>): User =>
  Object.assign(new User(), {
    authProvider: 'local',
    passwordChangeRequired: false,
    passwordChangedAt: daysAgo(1),
    createdAt: daysAgo(400),
    ...more,
  });

describe(PasswordAge.name, () => {
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[string, boolean, Partial<User>, Record<string, string>, string?]>([
    ['a young password', false, {}, {}],
    ['one of exactly 90 days', false, { passwordChangedAt: daysAgo(90) }, {}],
    ['one of 91 days', true, { passwordChangedAt: daysAgo(91) }, {}],
    ['one of 91 days without an age limit', false, { passwordChangedAt: daysAgo(91) }, { PASSWORD_MAX_AGE_DAYS: '0' }],
    ['an unknown age of an old account', true, { passwordChangedAt: null }, {}],
    ['an unknown age of a young account', false, { passwordChangedAt: null, createdAt: daysAgo(3) }, {}],
    ['a change that was asked for', true, { passwordChangeRequired: true }, {}],
    [
      'a change that is not enforced',
      false,
      { passwordChangeRequired: true, passwordChangedAt: daysAgo(400) },
      { PASSWORD_CHANGE_ENFORCEMENT_ENABLED: 'false' },
    ],
    ['an account of another provider', false, { authProvider: 'keycloak', passwordChangeRequired: true }, {}],
    ['a default password', true, {}, {}, 'changeme'],
    ['a common password', true, {}, {}, 'Dragon1!'],
    ['a good password', false, {}, {}, 'Correct horse battery staple'],
    [
      'a default password that is let be',
      false,
      {},
      { REQUIRE_PASSWORD_CHANGE_FOR_DEFAULT_PASSWORD: 'false' },
      'changeme',
    ],
  ])('of %s: must change %s', (_, expected, more, variables, given) => {
    expect(ages(variables).mustChange(account(more), given)).toBe(expected);
  });

  it.each<[string, boolean, string, Record<string, string>]>([
    ['one that keeps the rules', false, 'A test fixture, not a secret', {}],
    ['a random one', false, 'lQ8dVf3kZr1mPz7Xw2sNc5tBy9gHj4eKu6oRiTaYxWq', {}],
    ['32 hex digits', false, '9f86d081884c7d659a2feaa0c55ad015', {}],
    ['a long monotonous one', true, 'abababababababababababababababababab', {}],
    ['a weak one', true, 'correct horse battery', {}],
    ['a weak one that is let be', false, 'correct horse', { ADMIN_REQUIRE_PASSWORD_CHANGE_ON_BOOTSTRAP: 'false' }],
  ])('of the first administrator, %s: must change %s', (_, expected, password, variables) => {
    expect(ages(variables).bootstrapMustChange(password, 'root@example.com')).toBe(expected);
  });
});
