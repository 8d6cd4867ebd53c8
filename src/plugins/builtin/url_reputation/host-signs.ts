import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';

/** What makes a host look like a trap. */
export type HostSign =
  | 'entropy'
  | 'unknown_tld'
  | 'mixed_scripts'
  | 'lookalike_letters'
  | 'embedded_domain'
  | 'user_info'
  | 'disguised_address';

/** Scripts whose letters look like those of others. */
const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];
/** A label of nothing but letters of Cyrillic or Greek that pass for Latin ones. */
const ALL_LOOKALIKES = /^[асеоріјѕхуѵԁԛԝһӏꙇгкмтвнαοινυρκτχω\d-]+$/u;
const FOREIGN = /\P{ASCII}/u;
/** A name below which another name stands is made to be taken for that one. */
const EMBEDDED = /(^|\.)[a-z0-9-]{2,63}\.(com|net|org|gov|edu|co|io)$/;
const SHORTEST_RANDOM = 10;

/**
 * @param host as it is spelt canonically
 * @param written as it stands in the URL
 * @param mostEntropy bits a character of the name that somebody registered
 */
export function signOf(host: string, written: string, url: URL, mostEntropy: number): HostSign | undefined {
  // `https://www.bank.example@trap.example/`
  if (url.username.includes('.')) return 'user_info';
  const { isIp, isIcann, isPrivate, domainWithoutSuffix, subdomain } = parse(host);
  if (isIp === true)
    return written.toLowerCase().includes(host) || host.includes(':') ? undefined : 'disguised_address';
  if (isIcann !== true && isPrivate !== true) return 'unknown_tld';
  for (const label of FOREIGN.test(domainToUnicode(host)) ? domainToUnicode(host).split('.') : []) {
    if (SCRIPTS.filter((script) => script.test(label)).length > 1) return 'mixed_scripts';
    if (FOREIGN.test(label) && ALL_LOOKALIKES.test(label)) return 'lookalike_letters';
  }
  if (EMBEDDED.test(subdomain ?? '')) return 'embedded_domain';
  const name = domainWithoutSuffix ?? '';
  return name.length >= SHORTEST_RANDOM && !name.startsWith('xn--') && entropy(name) > mostEntropy
    ? 'entropy'
    : undefined;
}

/** Shannon's, bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
