import { MarkFinder } from '../mark-finder.js';
import { mayBeInKey } from './keys.js';

/** A part of a text in which an identifier may stand. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** How many digits are in it. */
  readonly digits: number;
  /** Whether capitals stand among the digits, or letters may. */
  readonly isLettered: boolean;
}

/** What a look at the digits of a text tells. */
export interface Digits {
  readonly stretches: readonly Stretch[];
  /** Whether a digit may stand in a key. */
  readonly inKey: boolean;
}

const DIGITS = '0123456789'.split('');
const MAX_WORD = 80;
/** A table of numbers is cut at the next separator, and what the cut would go through is looked at in the next part. */
const MAX_STRETCH = 256;
/** Longer than an identifier in groups. */
const OVERLAP = 48;
/** So short a text may be an identifier and little else, in small letters too. */
export const BRIEF = 24;
const WORD = /[A-Za-z]{4}/;
/** Letters between spaces in an identifier: groups of an IBAN. */
const MAX_GAP = 8;

/**
 * The stretches of a text that hold at least four digits, at most separators and capitals apart, or fewer beside
 * capitals, with the words they stand in and up to four characters on either side. Prose has few, and nothing else of
 * it is looked at again.
 */
export function digitsOf(text: string): Digits {
  const { length } = text;
  const stretches: Stretch[] = [];
  const finder = new MarkFinder(text, DIGITS);
  let inKey = false;
  let done = 0;
  let first = finder.next(0);
  while (first < length) {
    let digits = 1;
    let last = first;
    let index = first + 1;
    let gap = NOTHING;
    let gaps = NOTHING;
    let isCut = false;
    for (; index < length; index += 1) {
      const kind = KINDS[text.charCodeAt(index)] ?? OTHER;
      if (kind === DIGIT) {
        isCut = gap !== NOTHING && index - first > MAX_STRETCH;
        if (isCut) break;
        digits += 1;
        last = index;
        gaps |= gap;
        gap = NOTHING;
        continue;
      }
      gap |= kind;
      // Words of prose end a stretch: small letters beside spaces.
      if (kind === OTHER || (gap & (SMALL | SPACE)) === (SMALL | SPACE)) break;
      if (index - last > (gap & (SPACE | MARK) ? MAX_GAP : MAX_WORD)) break;
    }
    inKey ||= mayBeInKey(text, first, last);
    const isLettered =
      (gaps & CAPITAL) !== 0 || isAmongCapitals(text, first, last) || (length <= BRIEF && !WORD.test(text));
    if (digits >= 4 || isLettered) {
      let from = first;
      while (from > done && first - from < MAX_WORD && isLetter(text, from - 1)) from -= 1;
      // A sign or a short word in front: `+41`, `(415`, `AB 12 34 56 C`.
      for (let more = 0; more < 4 && from > done && text.charCodeAt(from - 1) !== 10; more += 1) from -= 1;
      let to = last + 1;
      while (to < length && to - last <= MAX_WORD && isLetter(text, to)) to += 1;
      for (let more = 0; more < 2 && to < length && text.charCodeAt(to) !== 10; more += 1) to += 1;
      stretches.push({ from, to, digits, isLettered });
      done = last + 1;
    }
    first = finder.next(isCut ? wordStart(text, index - OVERLAP) : index);
  }
  return { stretches, inKey };
}

/** Whether a capital touches the digits, or one to three stand apart by one separator: `EC1A 1BB`, `M-XY 99`, `12 BCD`. */
const isAmongCapitals = (text: string, first: number, last: number): boolean =>
  isByCapitals(text, first - 1, -1) || isByCapitals(text, last + 1, 1);

function isByCapitals(text: string, beside: number, step: -1 | 1): boolean {
  if (isCapital(text, beside)) return true;
  const at = beside + step;
  if (!isCapital(text, at) || (text[beside] !== ' ' && text[beside] !== '-')) return false;
  let end = at + step;
  while (isCapital(text, end) && end !== at + 3 * step) end += step;
  return !isLetter(text, end);
}

/** Where the word ends that stands there; a table has separators nearby. */
function wordStart(text: string, at: number): number {
  let start = at;
  while (isLetter(text, start) || KINDS[text.charCodeAt(start)] === DIGIT) start += 1;
  return start;
}

const NOTHING = 0;
const OTHER = 1;
const DIGIT = 2;
const CAPITAL = 4;
const SMALL = 8;
const SPACE = 16;
const MARK = 32;
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  if (/\d/.test(letter)) return DIGIT;
  if (/[A-Z]/.test(letter)) return CAPITAL;
  if (/[a-z]/.test(letter)) return SMALL;
  if (letter === ' ') return SPACE;
  return '.-/():+'.includes(letter) ? MARK : OTHER;
});

/** No table here: it is asked beyond the ends of texts, and NaN is a slow index. */
function isCapital(text: string, index: number): boolean {
  if (index < 0 || index >= text.length) return false;
  const code = text.charCodeAt(index);
  return code >= 65 && code <= 90;
}

const isLetter = (text: string, index: number): boolean =>
  ((KINDS[text.charCodeAt(index)] ?? OTHER) & (CAPITAL | SMALL)) !== 0;
