import ipaddr from 'ipaddr.js';
import { Network } from './network.js';
import type { Address } from './parse-address.js';

const LAST = [12, 13, 14, 15];
const ZERO = Network.parse('0.0.0.0/8');

// Where each kind of address carries IPv4, as byte positions. The prefix length inside the local NAT64 block (RFC 8215) is
// the operator's choice, so that every layout of RFC 6052 is read there.
const LAYOUTS: readonly (readonly [network: Network, layouts: readonly (readonly number[])[]])[] = [
  [Network.parse('64:ff9b::/96'), [LAST]],
  [Network.parse('64:ff9b:1::/48'), [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], LAST]],
  [Network.parse('2002::/16'), [[2, 3, 4, 5]]],
  [Network.parse('::/96'), [LAST]],
  [Network.parse('::ffff:0:0:0/96'), [LAST]],
];

/** The IPv4 addresses that an IPv6 address may stand for. */
export function embeddedIPv4(address: Address): ipaddr.IPv4[] {
  const bytes = address.toByteArray();
  const layouts = LAYOUTS.find(([network]) => network.contains(address))?.[1] ?? [];
  const found = layouts.map((layout) => new ipaddr.IPv4(layout.map((at) => bytes[at] ?? 0)));
  // 0.0.0.0/8 can't be meant: it is ::1, or a layout that read the padding of the true one.
  return found.filter((ipv4) => !ZERO.contains(ipv4));
}
