import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { MemoryCounters } from '../../limits/memory-counters.js';
import { PasswordLimits } from './password-limits.js';
import { PasswordSettings } from './password.settings.js';

describe(PasswordLimits.name, () => {
  const limits = (): PasswordLimits =>
    new PasswordLimits(new MemoryCounters(), settingsOf(PasswordSettings, { PASSWORD_RESET_RATE_LIMIT: '2' }));

  it('takes the /64 of an IPv6 address for one source, and each IPv4 address for its own', async () => {
    const of = limits();
    await of.ofAddress('register', '2001:db8:1:2::1');
    await of.ofAddress('register', '2001:db8:1:2:ffff::2');
    await expect(of.ofAddress('register', '2001:db8:1:2:3:4:5:6')).rejects.toMatchObject({ status: 429 });
    await of.ofAddress('register', '2001:db8:1:3::1');
    await of.ofAddress('register', '192.0.2.1');
    await of.ofAddress('register', '192.0.2.2');
    await of.ofAddress('register', '192.0.2.3');
  });
});
