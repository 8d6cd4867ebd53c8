import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { canonicalHost } from './canonical-host.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address in its one plain form, IPv4-mapped IPv6 as IPv4; undefined when the text is none, or has a zone. */
export function parseAddress(text: string): Address | undefined {
  // ipaddr.js also reads octal and short forms, and takes ::8.8.8.8 for IPv4: it gets only what the URL parser wrote.
  const plain = isIP(text) === 0 ? undefined : canonicalHost(text);
  return plain === undefined ? undefined : ipaddr.process(plain);
}
