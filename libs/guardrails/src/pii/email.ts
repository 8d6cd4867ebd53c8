import { parse } from 'tldts';
import type { Scan } from './scan.js';

const MAX_LOCAL = 128;
const DOMAIN =
  /@((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}(?:xn--[a-z0-9-]{1,59}|\p{L}{2,63}))(?![\p{L}\p{N}_-])/uy;
const ADDRESS_LITERAL = /@\[(?:IPv6:)?[0-9a-f.:]{3,45}\]/iy;
const LOCAL = /[\p{L}\p{N}\p{M}._%+'&~!#$-]/u;
/** Names that no registry knows but mail inside an organisation and examples do. */
const LOCAL_TLD = /\.(?:local|localdomain|internal|intranet|corp|lan|home|private|test|example|invalid|arpa)$/i;
const CODE_HOSTS = new Set(['git', 'hg', 'svn']);

/** RFC 5321 and 6531: every `@`, the local part to its left, a domain with a known top level to its right. */
export function findEmails(scan: Scan): void {
  const { text } = scan;
  for (let at = text.indexOf('@'); at >= 0 && !scan.full; at = text.indexOf('@', at + 1)) {
    const start = localStart(text, at);
    if (start === at) continue;
    const end = domainEnd(text, at);
    if (end === undefined) continue;
    // git@host:path names a repository.
    if (CODE_HOSTS.has(text.slice(start, at)) && /[:/]/.test(text[end] ?? '')) continue;
    scan.add('email', 'email', start, end, 1);
  }
}

function localStart(text: string, at: number): number {
  if (text[at - 1] === '"') {
    const open = text.lastIndexOf('"', at - 2);
    return open >= 0 && at - open <= MAX_LOCAL && !/[\r\n@]/.test(text.slice(open, at)) ? open : at;
  }
  let start = at;
  while (start > 0 && at - start < MAX_LOCAL && LOCAL.test(text[start - 1]!)) start -= 1;
  // What is left of a masked address is not an address.
  if (text[start - 1] === '*' || text[at - 1] === '.') return at;
  while (start < at && /[.'&~!#$%+-]/.test(text[start]!)) start += 1;
  return start;
}

function domainEnd(text: string, at: number): number | undefined {
  ADDRESS_LITERAL.lastIndex = at;
  if (text[at + 1] === '[') return ADDRESS_LITERAL.test(text) ? ADDRESS_LITERAL.lastIndex : undefined;
  DOMAIN.lastIndex = at;
  const match = DOMAIN.exec(text);
  if (!match) return undefined;
  // A sentence may go on behind the dot without a space: the longest known domain counts.
  let domain = match[1]!;
  for (let cut = domain.length; cut > 0; cut = domain.lastIndexOf('.')) {
    domain = domain.slice(0, cut);
    if (!domain.includes('.')) return undefined;
    if (parse(domain, { allowPrivateDomains: false }).isIcann || LOCAL_TLD.test(domain)) return at + 1 + domain.length;
  }
  return undefined;
}
