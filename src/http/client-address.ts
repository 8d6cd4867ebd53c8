import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** Looked at from the right; nobody has more proxies in a row. */
const MOST_ENTRIES = 32;
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

/**
 * Where a call comes from. `X-Forwarded-For` is what anybody wrote, so it counts only from the right, and only as far as
 * trusted proxies wrote it; a malformed entry ends the walk at the last address that is known.
 *
 * @param peer the other end of the connection, as {@link plainAddress} gives it
 * @param forwarded the header, several joined by commas
 */
export function clientAddress(peer: string, forwarded: string | undefined, proxies: TrustedProxies): string {
  if (forwarded === undefined) return peer;
  if (proxies.hops > 0) return addressIn(forwarded.split(',').at(-proxies.hops) ?? '') ?? peer;
  if (!proxies.has(peer)) return peer;
  let nearest = peer;
  for (const entry of forwarded.split(',').slice(-MOST_ENTRIES).reverse()) {
    const address = addressIn(entry);
    if (address === undefined) return nearest;
    nearest = address;
    if (!proxies.has(nearest)) return nearest;
  }
  return nearest;
}

/** `::ffff:10.0.0.1` is 10.0.0.1 to every rule about addresses. */
export function plainAddress(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : '';
  return isIPv4(mapped) ? mapped : address;
}

/** An address in its one spelling, without port and brackets. */
function addressIn(entry: string): string | undefined {
  const text = entry.trim();
  const [, bracketed, v4 = text] = WITH_PORT.exec(text) ?? [];
  const address = bracketed ?? v4;
  // A zone names an interface of another machine; ipaddr.js alone would also take 0x7f.1.
  return isIP(address) !== 0 && !address.includes('%') ? ipaddr.process(address).toString() : undefined;
}
