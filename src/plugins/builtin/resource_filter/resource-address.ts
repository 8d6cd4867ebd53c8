import { parseUrl } from '#libs/egress';
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

const LONGEST = 8192;
const URI = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#\\]*))?/i;
/** What no URI holds as it stands, and what clients take out without a word. */
const FOREIGN = /[^\P{Control}]|[\s<>"`{}|^]/u;
const WEB: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp']);

export interface ResourceAddress {
  /** In lower case. */
  readonly scheme: string;
  /** In the form in which names are looked up; empty where there is none. */
  readonly host: string;
}

/** Where a resource is, as a client that fetches it would understand; undefined for what is no URI. */
export function resourceAddress(uri: string): ResourceAddress | undefined {
  if (uri.length > LONGEST || FOREIGN.test(uri)) return undefined;
  const [, scheme = '', authority = ''] = URI.exec(uri) ?? [];
  const name = scheme.toLowerCase();
  if (name === '') return undefined;
  // A browser takes `https:/\host` for an address too.
  if (WEB.has(name)) {
    const url = parseUrl(uri);
    return url && { scheme: name, host: hostOf(url.hostname) ?? '' };
  }
  const host = hostOf(authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, ''));
  return host === undefined ? undefined : { scheme: name, host };
}

/** A host as names are looked up: decoded, in ASCII, in lower case, without a dot at its end. */
export function hostOf(written: string): string | undefined {
  const plain = decoded(written)
    .replace(/^\*?\./, '')
    .replace(/\.+$/, '')
    .toLowerCase();
  if (plain === '' || isIP(plain.replace(/^\[|\]$/g, '')) !== 0) return plain;
  const ascii = domainToASCII(plain);
  // Servers make up names that are none of the DNS.
  return ascii === '' ? (/^[\w.~-]+$/.test(plain) ? plain : undefined) : ascii.replace(/\.+$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
