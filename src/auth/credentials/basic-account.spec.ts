import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { BasicAccount } from './basic-account.js';
import { CredentialSettings } from './credential.settings.js';

const PASSWORD = `${randomBytes(24).toString('base64url')}:ü`;
const encoded = (user: string, password: string): string => Buffer.from(`${user}:${password}`).toString('base64');

describe(BasicAccount.name, () => {
  const account = new BasicAccount(settingsOf(CredentialSettings, { BASIC_AUTH_PASSWORD: PASSWORD }));

  it('matches its pair, whose password may hold colons', () => {
    expect(account.matches(encoded('admin', PASSWORD))).toBe(true);
  });

  it.each([
    ['another user', encoded('Admin', PASSWORD)],
    ['no user', encoded('', PASSWORD)],
    ['another password', encoded('admin', `${PASSWORD} `)],
    ['a part of the password', encoded('admin', PASSWORD.slice(0, -1))],
    ['no password', encoded('admin', '')],
    ['no colon', Buffer.from('admin').toString('base64')],
    ['nothing', ''],
    ['plain text', `admin:${PASSWORD}`],
    ['two pairs', `${encoded('admin', PASSWORD)}, ${encoded('admin', PASSWORD)}`],
    ['a megabyte', 'A'.repeat(1_000_000)],
  ])('does not match %s', (_, text) => {
    expect(account.matches(text)).toBe(false);
  });

  it('matches nothing where no password is set', () => {
    const none = new BasicAccount(settingsOf(CredentialSettings));
    for (const password of ['', 'changeme', 'undefined']) expect(none.matches(encoded('admin', password))).toBe(false);
  });
});
