import { describe, expect, it } from 'vitest';
import { adminPassword } from './admin-password.js';

describe(adminPassword.name, () => {
  const setting = adminPassword('PLATFORM_ADMIN_PASSWORD', 'The password.');

  it('may be absent and does not print', () => {
    expect([setting.required, setting.secret, setting.fallback]).toEqual([false, true, undefined]);
    expect(String(setting.read('correct horse battery'))).toBe('*****');
  });

  it.each(['short', 'elevenchars', '🔐🔐🔐'])('refuses the short "%s"', (value) => {
    expect(() => setting.read(value)).toThrow('must have at least 12 characters');
  });

  it.each(['changeme123!', 'ChangeMe123!', 'Administrator', 'password1234', 'admin@example.com'])(
    'refuses the default "%s" without repeating it',
    (value) => {
      expect(() => setting.read(value)).toThrow(/^is a known default; choose another$/);
    },
  );
});
