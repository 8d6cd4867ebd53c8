import { createHash } from 'node:crypto';

/** The longest name that model APIs take. */
const MAX_NAME_LENGTH = 64;
const HASH_DIGITS = 8;

// NFKD takes these letters for letters of their own and would drop them.
const SPELLED_OUT = new Map([
  ['æ', 'ae'],
  ['ß', 'ss'],
  ['ø', 'o'],
]);

/**
 * ASCII slug of a display name: lower case, words joined by the separator. Empty when nothing of the text is ASCII.
 * @param separator one of `-`, `--`, `_`, `.`
 */
export function slugify(text: string, separator = '-'): string {
  const words = text
    .normalize('NFKD')
    .replace(/['’\p{Mark}]/gu, '')
    .toLowerCase()
    .replace(/[æßø]/g, (letter) => SPELLED_OUT.get(letter) ?? '')
    .split(/[^\p{Letter}\p{Number}]+/u);
  return words
    .map((word) => word.replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '')
    .join(separator);
}

/**
 * The name a tool or prompt of an upstream has at Portcullis: `<gateway slug><separator><slug of the name>`,
 * 1–64 characters of `[A-Za-z0-9_.-]`. A name that is too long, or has nothing to spell in ASCII, ends in a short hash
 * of the whole, so it is the same on every replica and after every restart.
 */
export function qualifiedName(gatewaySlug: string, separator: string, name: string): string {
  const slug = slugify(name, separator);
  const full = `${gatewaySlug}${separator}${slug}`;
  if (slug !== '' && full.length <= MAX_NAME_LENGTH) return full;
  return hashed(full, separator, `${gatewaySlug}\0${name}`);
}

/** A name of an upstream as it is, up to 64 characters; a longer one is cut and ends in a short hash of the whole. */
export function boundedName(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : hashed(name, '-', name);
}

function hashed(text: string, separator: string, whole: string): string {
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH_DIGITS);
  const kept = text.slice(0, MAX_NAME_LENGTH - HASH_DIGITS - separator.length).replace(/[-_.]+$/, '');
  return `${kept}${separator}${hash}`;
}
