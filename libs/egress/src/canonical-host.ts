import { parseUrl } from './parse-url.js';
import { isIP } from 'node:net';

/**
 * The one spelling of a host, as the WHATWG parser gives it: IPv4 in any base as dotted decimals, IPv6 compressed and without
 * brackets, names lower-case, in punycode and without a trailing dot. Undefined when the text is no host.
 */
export function canonicalHost(host: string): string | undefined {
  const text = `http://${isIP(host) === 6 ? `[${host}]` : host}/`;
  const url = parseUrl(text);
  // Whatever else a URL may hold (port, credentials, path) is no part of a host.
  if (url?.href !== `http://${url?.hostname}/`) return undefined;
  const name = url.hostname.replace(/^\[|\]$|\.$/g, '');
  return name.split('.').includes('') ? undefined : name;
}
