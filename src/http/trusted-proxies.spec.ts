import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { HttpSettings } from './http.settings.js';
import { TrustedProxies } from './trusted-proxies.js';

describe(TrustedProxies.name, () => {
  const proxies = TrustedProxies.parse('10.0.0.0/8, 192.0.2.7, 2001:db8::/32');

  it('knows its addresses', () => {
    expect(proxies.known).toBe(true);
    for (const address of ['10.0.0.0', '10.255.255.255', '192.0.2.7', '2001:db8:ffff::1'])
      expect(proxies.has(address)).toBe(true);
    for (const address of ['11.0.0.0', '192.0.2.8', '2001:db9::', '::1', '', 'a proxy']) {
      expect(proxies.has(address)).toBe(false);
    }
  });

  it('knows nobody by number, nor without being told', () => {
    expect([TrustedProxies.parse('2').hops, TrustedProxies.parse('2').known]).toEqual([2, false]);
    expect(TrustedProxies.parse('2').has('10.0.0.1')).toBe(false);
    expect(settingsOf(HttpSettings).trustedProxies).toBe(TrustedProxies.NONE);
    expect(TrustedProxies.NONE.has('127.0.0.1')).toBe(false);
  });

  it.each([
    ['11', 'must be at most 10 when it is a number of proxies'],
    ['-1', 'has "-1", which is not an IP address or CIDR block'],
    ['10.0.0.1,proxy.example.com', 'has "proxy.example.com", which is not an IP address or CIDR block'],
    ['10.0.0.0/33', 'has "10.0.0.0/33", which is not an IP address or CIDR block'],
    ['fe80::1%eth0', 'has "fe80::1%eth0", which is not an IP address or CIDR block'],
    ['0.0.0.0/0', 'has "0.0.0.0/0", which trusts everybody'],
    ['10.0.0.1,::/0', 'has "::/0", which trusts everybody'],
  ])('refuses %s', (text, fault) => {
    expect(() => settingsOf(HttpSettings, { TRUSTED_PROXIES: text })).toThrow(`TRUSTED_PROXIES ${fault}`);
  });
});
