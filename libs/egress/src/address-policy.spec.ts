import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import type { AddressRules } from './address-rules.js';

const closed: AddressRules = {
  allowLoopback: false,
  allowPrivate: false,
  allowedNetworks: [],
  blockedNetworks: [],
  blockedHosts: [],
};
const policy = (rules: Partial<AddressRules> = {}) => new AddressPolicy({ ...closed, ...rules });
const everything: Partial<AddressRules> = {
  allowLoopback: true,
  allowPrivate: true,
  allowedNetworks: ['0.0.0.0/0', '::/0'],
};

describe(AddressPolicy.name, () => {
  it.each(['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1', '223.255.255.255'])(
    'lets %s pass',
    (ip) => {
      expect(policy().refusalOfAddress(ip)).toBeUndefined();
    },
  );

  it.each(['2606:4700::1111', '2a00:1450::1', '64:ff9b::8.8.8.8', '64:ff9b:1::8.8.8.8', '::ffff:8.8.8.8'])(
    'lets %s pass',
    (ip) => {
      expect(policy().refusalOfAddress(ip)).toBeUndefined();
    },
  );

  it.each([
    [
      '10.1.2.3',
      'a private address (10.0.0.0/8): set SSRF_ALLOW_PRIVATE_NETWORKS, or name its network in SSRF_ALLOWED_NETWORKS to open it',
    ],
    ['172.16.0.1', 'a private address'],
    ['192.168.1.1', 'a private address'],
    ['fc00::1', 'a private address'],
    ['127.0.0.1', 'a loopback address (127.0.0.0/8): set SSRF_ALLOW_LOCALHOST, or'],
    ['127.255.255.255', 'a loopback address'],
    ['::1', 'a loopback address'],
    ['0.0.0.0', 'an unspecified address, which no setting opens'],
    ['0.1.2.3', 'an unspecified address'],
    ['::', 'an unspecified address'],
    ['100.64.0.1', 'a carrier-grade NAT address (100.64.0.0/10): name its network in SSRF_ALLOWED_NETWORKS to open it'],
    ['169.254.1.1', 'a link-local address'],
    ['fe80::1', 'a link-local address'],
    ['fe80::1%eth0', 'not an IP address'],
    ['fec0::1', 'a site-local address'],
    ['224.0.0.1', 'a multicast address'],
    ['ff02::1', 'a multicast address'],
    ['255.255.255.255', 'a broadcast address'],
    ['192.0.2.1', 'a documentation address'],
    ['2001:db8::1', 'a documentation address'],
    ['3fff::1', 'a documentation address'],
    ['198.19.0.1', 'a benchmarking address'],
    ['192.0.0.8', 'a reserved address'],
    ['240.0.0.1', 'a reserved address'],
    ['2001:10::1', 'a reserved address'],
    ['2002:808:808::1', 'a 6to4 address'],
    ['2001::1', 'a Teredo address'],
    ['::8.8.8.8', 'an unassigned address'],
    ['::ffff:0:8.8.8.8', 'an unassigned address'],
    ['100::1', 'an unassigned address'],
    ['4000::1', 'an unassigned address'],
    ['64:ff9b::10.0.0.1', 'a private address'],
    ['64:ff9b::127.0.0.1', 'a loopback address'],
    ['64:ff9b::0.0.0.0', 'a NAT64 address'],
    ['64:ff9b:1::192.168.0.1', 'a private address'],
    ['64:ff9b:1:7f00:0:100:808:808', 'a loopback address'],
    ['64:ff9b:1:7f:0:1:808:808', 'a loopback address'],
    ['64:ff9b:1:0:7f:0:100:0', 'a loopback address'],
    ['64:ff9b:1::', 'a NAT64 address'],
    ['::ffff:10.0.0.1', 'a private address'],
    ['169.254.169.254', 'a cloud metadata address, which no setting opens'],
    ['not an address', 'not an IP address'],
    ['010.8.8.8', 'not an IP address'],
    ['', 'not an IP address'],
  ])('refuses %s as %s', (ip, refusal) => {
    expect(policy().refusalOfAddress(ip)).toContain(refusal);
  });

  it('refuses whatever ipaddr.js does not call unicast', () => {
    const random = (length: number, below: number) => Array.from({ length }, () => Math.floor(Math.random() * below));
    const samples = Array.from({ length: 5_000 }, (_, i) => {
      const ipv4 = new ipaddr.IPv4(random(4, 256));
      const ipv6 = new ipaddr.IPv6([
        [0, 0x64, 0x2001, 0x2002, 0x2620, 0xfe80][i % 6]!,
        ...random(7, i % 2 ? 0x10000 : 4),
      ]);
      return [ipv4, ipv6];
    }).flat();
    // NAT64 and IPv4-mapped addresses are judged by what is inside.
    const special = samples.filter((address) => !['unicast', 'rfc6052', 'ipv4Mapped'].includes(address.range()));
    expect(special.filter((address) => policy().refusalOfAddress(address.toString()) === undefined)).toEqual([]);
  });

  it.each([
    [
      { allowLoopback: true },
      ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'],
      ['10.0.0.1', '0.0.0.0', '::', 'fe80::1', '169.254.0.1'],
    ],
    [
      { allowPrivate: true },
      ['10.0.0.1', '172.31.0.1', '192.168.0.1', 'fd12::1', '64:ff9b::10.0.0.1'],
      ['127.0.0.1', '100.64.0.1', '169.254.0.1', 'fe80::1'],
    ],
    [{ allowedNetworks: ['100.64.0.0/16'] }, ['100.64.9.9'], ['100.65.0.1', '10.0.0.1']],
    [
      { allowedNetworks: ['10.0.0.7', 'fe80::/64'] },
      ['10.0.0.7', '::ffff:10.0.0.7', 'fe80::1'],
      ['10.0.0.8', 'fe80:0:0:1::1'],
    ],
    [{ allowedNetworks: ['64:ff9b::/96'] }, ['64:ff9b::10.0.0.1'], ['10.0.0.1', '64:ff9b::169.254.169.254']],
    [
      { blockedNetworks: ['8.8.8.0/24', '2a00::/16'] },
      ['8.8.4.4'],
      ['8.8.8.8', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2a00::1'],
    ],
    [
      { ...everything, blockedNetworks: ['10.1.0.0/16'] },
      ['10.2.0.1', '2002:a02::'],
      ['10.1.0.1', '64:ff9b::10.1.0.1', '2002:a01::'],
    ],
  ])('with %j', (rules, opened, refused) => {
    expect(opened.filter((ip) => policy(rules).refusalOfAddress(ip) !== undefined)).toEqual([]);
    expect(refused.filter((ip) => policy(rules).refusalOfAddress(ip) === undefined)).toEqual([]);
  });

  it.each([
    '169.254.169.254',
    '169.254.169.123',
    'fd00:ec2::254',
    'fd00::1',
    '100.100.100.200',
    '168.63.129.16',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::169.254.169.254',
    '64:ff9b:1:a9fe:a9:fe00::',
    '2002:a9fe:a9fe::1',
    '0.0.0.0',
    '::',
    '::ffff:0.0.0.0',
  ])('refuses %s even when everything is allowed', (ip) => {
    expect(policy(everything).refusalOfAddress(ip)).toContain('which no setting opens');
  });

  it('names the setting and the entry that is malformed', () => {
    expect(() => policy({ allowedNetworks: ['10.0.0.0/99'] })).toThrow('SSRF_ALLOWED_NETWORKS: "10.0.0.0/99"');
    expect(() => policy({ blockedNetworks: ['nonsense'] })).toThrow('SSRF_BLOCKED_NETWORKS: "nonsense"');
    expect(() => policy({ blockedHosts: ['http://a'] })).toThrow('SSRF_BLOCKED_HOSTS: "http://a"');
    expect(() => policy({ blockedHosts: ['a.*'] })).toThrow('SSRF_BLOCKED_HOSTS: "a.*"');
  });
});
