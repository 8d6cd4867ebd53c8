import { Network } from './network.js';

/** A block of addresses that is not simply the public internet, and what opens it. */
export interface SpecialRange {
  readonly name: string;
  readonly network: Network;
  /** `never`: no rule opens it. `nat64`: as open as the IPv4 address inside. */
  readonly opener: 'never' | 'loopback' | 'private' | 'network' | 'nat64';
}

// The IANA special-purpose registries of both families, cloud metadata services, and what is left of IPv6 outside 2000::/3.
// The first match counts: single addresses come before the networks around them.
const RANGES: readonly (readonly [name: string, opener: SpecialRange['opener'], networks: string])[] = [
  ['a cloud metadata address', 'never', '169.254.169.254 169.254.169.123 169.254.170.2 169.254.170.23'],
  ['a cloud metadata address', 'never', '100.100.100.200 168.63.129.16 192.0.0.192'],
  ['a cloud metadata address', 'never', 'fd00:ec2::254 fd00:ec2::23 fd20:ce::254 fd00::1'],
  ['an unspecified address', 'never', '0.0.0.0/8 ::'],
  ['a loopback address', 'loopback', '127.0.0.0/8 ::1'],
  ['a private address', 'private', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7'],
  ['a carrier-grade NAT address', 'network', '100.64.0.0/10'],
  ['a link-local address', 'network', '169.254.0.0/16 fe80::/10'],
  ['a site-local address', 'network', 'fec0::/10'],
  ['a multicast address', 'network', '224.0.0.0/4 ff00::/8'],
  ['a broadcast address', 'network', '255.255.255.255'],
  ['a documentation address', 'network', '192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20'],
  ['a benchmarking address', 'network', '198.18.0.0/15 2001:2::/48'],
  ['a NAT64 address', 'nat64', '64:ff9b::/96 64:ff9b:1::/48'],
  ['a 6to4 address', 'network', '2002::/16 192.88.99.0/24'],
  ['a Teredo address', 'network', '2001::/32'],
  ['an AS112 or AMT address', 'network', '192.31.196.0/24 192.175.48.0/24 192.52.193.0/24 2620:4f:8000::/48'],
  ['a reserved address', 'network', '192.0.0.0/24 240.0.0.0/4 2001::/23'],
  ['an unassigned address', 'network', '::/3 4000::/2 8000::/1'],
];

export const specialRanges: readonly SpecialRange[] = RANGES.flatMap(([name, opener, networks]) =>
  networks.split(' ').map((network) => ({ name, opener, network: Network.parse(network) })),
);
