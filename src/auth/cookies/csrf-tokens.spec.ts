import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { CsrfTokens } from './csrf-tokens.js';

const HOUR = 3_600_000;
const OWNER = { userId: 'a'.repeat(32), jti: 'j-1' };

describe(CsrfTokens.name, () => {
  const tokens = new CsrfTokens(settingsOf(VaultSettings));
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1000 * HOUR });
  });
  afterEach(() => vi.useRealTimers());

  it('takes what it made, for one to two hours', () => {
    vi.setSystemTime(1001 * HOUR - 1);
    const token = tokens.issue(OWNER);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(tokens.verify(token, OWNER)).toBe(true);
    vi.setSystemTime(1002 * HOUR - 1);
    expect(tokens.verify(token, OWNER)).toBe(true);
    vi.setSystemTime(1002 * HOUR);
    expect(tokens.verify(token, OWNER)).toBe(false);
  });

  it('takes nobody else’s, and none of another sign-in', () => {
    const token = tokens.issue(OWNER);
    expect(tokens.verify(token, { ...OWNER, userId: 'b'.repeat(32) })).toBe(false);
    expect(tokens.verify(token, { ...OWNER, jti: 'j-2' })).toBe(false);
  });

  it('takes none that another secret made', () => {
    const other = new CsrfTokens(
      settingsOf(VaultSettings, { AUTH_ENCRYPTION_SECRET: 'Zk3vQ9xT1mW7rB5yN8cL2pH6sD4fG0jA' }),
    );
    expect(tokens.verify(other.issue(OWNER), OWNER)).toBe(false);
  });

  it.each(['', 'x', 'é', '0'.repeat(64), '0'.repeat(10_000)])('refuses "%s"', (token) => {
    expect(tokens.verify(token, OWNER)).toBe(false);
  });
});
