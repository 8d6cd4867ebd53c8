import ipaddr from 'ipaddr.js';

/**
 * What counts as one source: an IPv4 address, or the /64 that an IPv6 address lies in, all of which belongs to one line.
 * What is no address counts as itself.
 */
export function sourceNetwork(address: string): string {
  const [bare = ''] = address.split('%');
  return ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.networkAddressFromCIDR(`${bare}/64`).toString() : address;
}
