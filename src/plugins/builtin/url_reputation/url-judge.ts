import { parseUrl } from '#libs/egress';
import type { Pattern } from '#libs/guardrails';
import { type DomainSet, hostOf } from './domain-set.js';
import { signOf } from './host-signs.js';
import { unescaped } from './unescaped.js';

export interface UrlRules {
  readonly allowedDomains: DomainSet;
  readonly allowedPatterns: readonly Pattern[];
  readonly blockedDomains: DomainSet;
  readonly blockedPatterns: readonly Pattern[];
  /** Bits a character; undefined where hosts are not looked at for signs. */
  readonly mostEntropy: number | undefined;
}

/** Why a URL is refused, in words of the configuration and of ours, never of the URL. */
export interface UrlFault {
  readonly type: 'domain' | 'pattern' | 'sign' | 'not_secure' | 'malformed';
  /** The domain, the pattern or the sign. */
  readonly rule: string;
}

const WEB = /^\s*(?:https?|wss?|ftp):/i;
const NOT_SECURE: ReadonlySet<string> = new Set(['http:', 'ws:', 'ftp:']);

/**
 * @param fetched it is to be fetched, and therefore over TLS
 * @returns undefined for a URL that nothing is known against, and for what is no URL
 */
export function faultOf(text: string, rules: UrlRules, fetched: boolean): UrlFault | undefined {
  const url = parseUrl(text);
  const host = url && url.hostname !== '' ? hostOf(url.hostname) : undefined;
  if (!url || (host === undefined && WEB.test(text)))
    return WEB.test(text) ? { type: 'malformed', rule: '' } : undefined;
  // Without the user, in whose place anything can be written.
  const href = hrefOf(url, host);
  if (host !== undefined && rules.allowedDomains.find(host) !== undefined) return undefined;
  if (rules.allowedPatterns.some((pattern) => pattern.test(href))) return undefined;
  const domain = host === undefined ? undefined : rules.blockedDomains.find(host);
  if (domain !== undefined) return { type: 'domain', rule: domain };
  const spellings = [href, unescaped(href), text];
  const pattern = rules.blockedPatterns.find((each) => spellings.some((spelling) => each.test(spelling)));
  if (pattern) return { type: 'pattern', rule: pattern.source };
  if (fetched && NOT_SECURE.has(url.protocol)) return { type: 'not_secure', rule: url.protocol };
  if (rules.mostEntropy === undefined || host === undefined || !WEB.test(text)) return undefined;
  const sign = signOf(host, text, url, rules.mostEntropy);
  return sign && { type: 'sign', rule: sign };
}

function hrefOf(url: URL, host: string | undefined): string {
  const authority =
    host === undefined ? url.host : `${host.includes(':') ? `[${host}]` : host}${url.port && `:${url.port}`}`;
  return `${url.protocol}//${authority}${url.pathname}${url.search}${url.hash}`;
}
