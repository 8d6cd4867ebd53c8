import { luhn } from './check-digits.js';
import { isWordAt, type Scan } from './scan.js';

const RUN = /\d(?:[ -]?\d){11,}/g;
const PARTS = /^(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d+)$/;
/** Issuer prefixes with their lengths (ISO/IEC 7812 and the networks' own tables). */
const ISSUERS =
  /^(?:4(?:\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]\d|095|[689]\d\d)\d{10,15}|(?:6011|65\d\d|64[4-9]\d|8[12]\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:2131|1800)\d{11}|62\d{14,17}|(?:508|60|50|5[6-9]|6[37])\d{13,17}|220[0-4]\d{12,15}|9792\d{12})$/;
/** Shorter and rarer ones, which need a word. */
const ISSUERS_WITH_WORD = /^(?:4\d{12}|(?:50|5[6-9]|6\d)\d{10,17}|1\d{14}|3\d{11,18})$/;

const OLD_VISA = /^4\d{12}$/;

/** Payment cards: issuer prefix, length and Luhn; with a word beside it for the forms that other numbers have too. */
export function findCards(scan: Scan, from: number, to: number, topics: ReadonlySet<string>): void {
  const { text } = scan;
  const word = topics.has('card');
  for (const match of text.slice(from, to).matchAll(RUN)) {
    const start = from + match.index;
    const end = start + match[0].length;
    if (isWordAt(text, start - 1) || isWordAt(text, end) || /[.+]/.test(text[start - 1] ?? '')) continue;
    if (/^\.\d/.test(text.slice(end, end + 2))) continue;
    const found = parts(match[0]).find(([offset, value]) => {
      const digits = value.replace(/[ -]/g, '');
      const issued = ISSUERS.test(digits) && PARTS.test(value);
      const whole = value.length === match[0].length;
      if (!issued && !(whole && (ISSUERS_WITH_WORD.test(digits) || ISSUERS.test(digits)))) return false;
      if (!luhn(digits) || /^(\d)\1+$/.test(digits)) {
        if (whole && (issued || word || OLD_VISA.test(digits))) scan.refuse(start, end);
        return false;
      }
      return issued || word || scan.alone(start + offset, start + offset + value.length);
    });
    if (!found) continue;
    const begin = start + found[0];
    if (scan.free(begin, begin + found[1].length))
      scan.add('credit_card', 'luhn', begin, begin + found[1].length, word ? 1 : 0.9);
  }
}

const [LEAST, MOST] = [12, 23];
/** Of digits, at the beginning of a number in groups. */
const GROUP = 4;

/** A run of groups, and what in it has the form of a card, the longest first: other numbers may stand beside it. */
function parts(run: string): (readonly [offset: number, value: string])[] {
  const found: (readonly [number, string])[] = run.length <= MOST ? [[0, run]] : [];
  const groups = Array.from(run.matchAll(/\d+/g), ({ 0: group, index }) => ({
    start: index,
    end: index + group.length,
  }));
  for (const [first, { start, end }] of groups.entries()) {
    if (end - start !== GROUP && end - start < LEAST) continue;
    for (let last = first; last < groups.length && groups[last]!.end - start <= MOST; last += 1) {
      const value = run.slice(start, groups[last]!.end);
      if (value.length >= LEAST && value.length < run.length) found.push([start, value]);
    }
  }
  return found.sort(([, a], [, b]) => b.length - a.length);
}
