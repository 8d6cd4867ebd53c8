import { isDate } from './check-digits.js';
import type { Scan } from './scan.js';
import { BIRTH_WORDS } from './words.rules.js';

const MONTH = '(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])\\p{L}{0,7}\\.?';
const DATE = new RegExp(
  `(?<![\\d.])(?:\\d{4}([-/.])\\d{1,2}\\1\\d{1,2}|\\d{1,2}([-/.] ?)\\d{1,2}\\2(?:\\d{4}|\\d{2})|\\d{1,2}(?:st|nd|rd|th|\\.)?[ -](?:of |de )?${MONTH}(?: de)?,?[ -](?:\\d{4}|\\d{2})|${MONTH}[ -]\\d{1,2}(?:st|nd|rd|th)?,? (?:\\d{4})|\\d{4}年\\d{1,2}月\\d{1,2}日)(?![\\d])`,
  'giu',
);
const REACH = 40;

/** A date with a word for birth up to 40 characters before it, in the same sentence; other dates are nobody's. */
export function findBirthDates(scan: Scan, from: number, to: number): void {
  const { text } = scan;
  if (!BIRTH_WORDS.test(`${scan.before(from)}${text.slice(from, to).toLowerCase()}`)) return;
  // A month in letters may stand outside the stretch.
  const begin = Math.max(0, from - 12);
  for (const match of text.slice(begin, to + 24).matchAll(DATE)) {
    const start = begin + match.index;
    if (start >= to) return;
    const words = scan
      .before(start)
      .slice(-REACH)
      .replace(/^.*[.!?;]\s/s, (head) => (BIRTH_WORDS.test(head) ? head : ''));
    if (!BIRTH_WORDS.test(words) || !isPlausible(match[0])) continue;
    scan.add('date_of_birth', 'date_of_birth', start, start + match[0].length, 0.95);
  }
}

function isPlausible(value: string): boolean {
  const parts = value.split(/\D+/).filter(Boolean).map(Number);
  if (parts.length < 3) return true;
  const [a, b, c] = parts as [number, number, number];
  return a > 99 ? isDate(a, b, c) : isDate(c, a, b) || isDate(c, b, a);
}
