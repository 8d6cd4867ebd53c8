import type { IncomingMessage } from 'node:http';
import type { TrustedProxies } from './trusted-proxies.js';

const PREFIX = /^(?:\/[\w~-][\w.~-]{0,63}){1,8}$/;

/** The path that a trusted proxy took off before it passed the request on; empty where there is none. */
export function forwardedPrefix({ headers, context }: IncomingMessage, proxies: TrustedProxies): string {
  const prefix = headers['x-forwarded-prefix'];
  const trusted = proxies.hops > 0 || proxies.has(context.peerAddress);
  return trusted && typeof prefix === 'string' && PREFIX.test(prefix) ? prefix : '';
}
