import { describe, expect, it } from 'vitest';
import { clientAddress, plainAddress } from './client-address.js';
import { TrustedProxies } from './trusted-proxies.js';

const PROXY = '10.0.0.1';
const byAddress = TrustedProxies.parse('10.0.0.0/8,fd00::/8');

describe(clientAddress.name, () => {
  it.each([
    ['nothing was forwarded', PROXY, undefined, PROXY],
    ['a stranger forwards', '198.51.100.7', '203.0.113.9', '198.51.100.7'],
    ['one proxy forwards', PROXY, '203.0.113.9', '203.0.113.9'],
    ['a client adds entries of its own', PROXY, '127.0.0.1, 10.0.0.9, 203.0.113.9', '203.0.113.9'],
    ['proxies forward to each other', PROXY, '203.0.113.9, 10.0.0.3,10.0.0.2', '203.0.113.9'],
    ['a client says that it is a proxy', PROXY, '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['nobody but proxies is there', PROXY, '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['the nearest entry is malformed', PROXY, '203.0.113.9, unknown', PROXY],
    ['a further entry is malformed', PROXY, '203.0.113.9, _hidden, 10.0.0.2', '10.0.0.2'],
    ['an entry is empty', PROXY, '203.0.113.9,', PROXY],
    ['the header is empty', PROXY, '', PROXY],
    ['an entry is a name', PROXY, 'client.example.com', PROXY],
    ['an entry is no usual address', PROXY, '0x7f.1', PROXY],
    ['an entry is octal', PROXY, '010.0.0.1', PROXY],
    ['an entry has a zone', PROXY, 'fe80::1%eth0', PROXY],
    ['an entry has a port', PROXY, '203.0.113.9:4711', '203.0.113.9'],
    ['an entry has brackets', PROXY, '[2001:db8::7]', '2001:db8::7'],
    ['an entry has brackets and a port', PROXY, '[2001:DB8:0::7]:443', '2001:db8::7'],
    ['an entry has half a bracket', PROXY, '[2001:db8::7', PROXY],
    ['an entry has a port that is none', PROXY, '203.0.113.9:port', PROXY],
    ['an entry is IPv6', 'fd00::1', '2001:DB8:0:0::7', '2001:db8::7'],
    ['an entry is mapped', PROXY, '::ffff:203.0.113.9', '203.0.113.9'],
    ['a mapped entry is a proxy', PROXY, '203.0.113.9, ::FFFF:10.0.0.2', '203.0.113.9'],
    ['a mapped entry is written in hex', PROXY, '203.0.113.9, ::ffff:a00:2', '203.0.113.9'],
  ])('when %s', (_, peer, forwarded, expected) => {
    expect(clientAddress(peer, forwarded, byAddress)).toBe(expected);
  });

  it('walks no further than anybody has proxies', () => {
    const many = ['203.0.113.9', ...Array.from({ length: 5000 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)];
    expect(clientAddress(PROXY, many.join(','), byAddress)).toBe(many.at(-32));
  });

  it.each([
    [1, '203.0.113.9', '203.0.113.9'],
    [1, '127.0.0.1, 203.0.113.9', '203.0.113.9'],
    [2, '127.0.0.1, 203.0.113.9, 198.51.100.2', '203.0.113.9'],
    [2, '203.0.113.9', '198.51.100.1'],
    [2, 'unknown, 203.0.113.9', '198.51.100.1'],
    [0, '203.0.113.9', '198.51.100.1'],
  ])('behind %i proxies, of "%s"', (hops, forwarded, expected) => {
    expect(clientAddress('198.51.100.1', forwarded, TrustedProxies.parse(String(hops)))).toBe(expected);
  });

  it('believes nobody by default', () => {
    expect(clientAddress('127.0.0.1', '203.0.113.9', TrustedProxies.NONE)).toBe('127.0.0.1');
  });
});

describe(plainAddress.name, () => {
  it.each([
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['::ffff:x', '::ffff:x'],
    ['', ''],
  ])('writes "%s" as "%s"', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});
