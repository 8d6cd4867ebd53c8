import { describe, expect, it } from 'vitest';
import { Network } from './network.js';
import { parseAddress } from './parse-address.js';

const contains = (network: string, address: string) => Network.parse(network).contains(parseAddress(address)!);

describe(Network.name, () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['192.0.2.7', '192.0.2.7', '192.0.2.8'],
    ['0.0.0.0/0', '255.255.255.255', '::1'],
    ['::/0', 'ffff::1', '1.2.3.4'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::'],
    ['fd00::1', 'fd00:0:0::1', 'fd00::2'],
  ])('%s contains %s, not %s', (network, inside, outside) => {
    expect(contains(network, inside)).toBe(true);
    expect(contains(network, outside)).toBe(false);
  });

  it('sees IPv4-mapped addresses as IPv4', () => {
    expect(contains('10.0.0.0/8', '::ffff:10.1.2.3')).toBe(true);
  });

  it.each([
    '',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10/8',
    '010.0.0.1',
    '::/129',
    'fe80::1%eth0',
    ' 10.0.0.1',
    '[::1]',
    '10.0.0.5/8',
    '2001:db8::1/32',
    '::ffff:10.0.0.0/104',
  ])('refuses "%s" by name', (text) => {
    expect(() => Network.parse(text)).toThrow(`"${text}"`);
  });

  it('does not take IPv4-compatible addresses for IPv4', () => {
    expect(contains('::8.8.8.0/120', '::8.8.8.8')).toBe(true);
    expect(contains('8.8.8.0/24', '::8.8.8.8')).toBe(false);
  });
});
