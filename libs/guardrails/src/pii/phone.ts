import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { STARTS_WITH_DATE } from './dates.js';
import type { Scan } from './scan.js';
import { BEFORE_PHONE, BEHIND_PHONE } from './topics.js';
import { NOT_A_PHONE, NUMBER_WORDS } from './words.rules.js';

const RUN = /(?:\+|\(\+?)?\d(?:[ .\-/()]{0,2}\d){5,19}/g;
const EXTENSION = /[ ,;]{0,2}(?:x|ext\.?|extension|#)[ .:]{0,2}\d{1,6}(?!\w)/iy;
/** The North American Numbering Plan: area code and exchange do not begin with 0 or 1. */
const NANP = /^(?:(?:\+?1|001)[-. ]?)?(?:\([2-9]\d\d\)[-. ]?|[2-9]\d\d[-. /])[2-9]\d\d[-. ]\d{4}$/;
const TEN_IN_THREE = /^(?:(?:1|001)[-. ])?(?:\([2-9]\d\d\)[-. ]?|[2-9]\d\d[-.])\d{3}[-.]\d{4}$/;
/** A Turkish number without the zero of the trunk, in its groups. */
const TURKISH = /^[2-5]\d\d([ -])\d{3}\1\d\d\1\d\d$/;
const AREA_IN_PARENTHESES = /^\(0?\d{1,4}\) ?\d{2,5}[- ]\d{2,5}(?:[- ]\d{2,5})?$/;
/** Six digits are a number of a small place only in pairs or halves. */
const SIX = /^\d{2,3}([ .-])\d{2,3}(?:\1\d{2})?$/;
/** What is part of a word, a path, a sum, an amount or a share when it touches a number. */
const TOUCHES_BEFORE = /[\p{L}\p{N}_@#$€£¥*%&+]$|[\w.][./\\-]$/u;
const TOUCHES_AFTER = /^(?:[\p{L}\p{N}_%]|[.:]\d|[-/]\w)/u;
const ONLY_DIGITS = /^\d+$/;
/** A part of an amount; what is written as telephone numbers are is a cell beside another. */
const BY_COMMA = /^\d,|,\d$/;
/** Countries where national numbers are written with a leading zero. */
const TRUNK_ZERO: readonly CountryCode[] = [
  'GB',
  'DE',
  'FR',
  'AU',
  'IT',
  'TR',
  'PH',
  'JP',
  'NL',
  'ZA',
  'CH',
  'AT',
  'BE',
  'SE',
  'FI',
  'IL',
  'NZ',
  'IN',
  'KR',
  'TH',
];
/** Those of which a bare run of digits can be told, for its length is fixed. */
const FIXED_LENGTH: readonly CountryCode[] = ['GB', 'FR', 'TR', 'PH', 'AU', 'ZA', 'NL', 'BE', 'CH', 'KR', 'JP'];
/** libphonenumber takes tens of microseconds per question; beyond this many in a text the form decides. */
const MAX_QUESTIONS = 200;
const WORDS_BEFORE = 48;

/**
 * Telephone numbers. A `+` or a way of writing that only telephone numbers have is enough; any other digits need a word
 * such as `call` or `mobile` beside them.
 */
export class PhoneFinder {
  #questions = 0;

  constructor(private readonly scan: Scan) {}

  find(from: number, to: number, topics: ReadonlySet<string>): void {
    for (const match of this.scan.text.slice(from, to).matchAll(RUN)) {
      const start = from + match.index;
      this.run(start, start + match[0].length, topics.has('phone') || topics.has('call'));
    }
  }

  /** Takes the longest head of a run that is a number: behind it, past a space, something else may follow. */
  private run(from: number, to: number, told: boolean): void {
    const { text } = this.scan;
    // In a row of numbers none is a telephone number without a word.
    if (!told && text[from] !== '+' && /\d[a-z]{0,4}[\s.,/-]$/i.test(text.slice(Math.max(0, from - 6), from))) return;
    let start = from;
    let end = to;
    for (let tries = 0; tries < 8 && end - start >= 6; tries += 1) {
      if (this.number(start, end, told)) return;
      const cut = text.slice(start, end).search(/ +\S*$/);
      if (cut > 0) end = start + cut;
      else {
        const next = text.slice(start, to).indexOf(' ');
        if (next < 0) return;
        start += next + 1;
        end = to;
      }
    }
  }

  private number(from: number, end: number, told: boolean): boolean {
    const { scan } = this;
    const { text } = scan;
    const open = text[from] === '(' && !text.slice(from, end).includes(')');
    const start = open ? from + 1 : from;
    const value = text.slice(start, end);
    const digits = value.replace(/\D/g, '');
    if (
      digits.length < (SIX.test(value) ? 6 : 7) ||
      digits.length > (/^(?:\(?\+|00)/.test(value) ? 17 : 13) ||
      /\([^)]*$/.test(value) ||
      STARTS_WITH_DATE.test(value)
    )
      return false;
    EXTENSION.lastIndex = end;
    const stop = EXTENSION.test(text) ? EXTENSION.lastIndex : end;
    EXTENSION.lastIndex = 0;
    if (TOUCHES_BEFORE.test(text.slice(Math.max(0, start - 2), start))) return false;
    if (ONLY_DIGITS.test(value) && BY_COMMA.test(text.slice(Math.max(0, start - 2), stop + 2))) return false;
    const behind = told && BEHIND_PHONE.topics(/^[^.;,\n\d]{0,20}/.exec(scan.after(stop))![0]).size > 0;
    if (!behind && TOUCHES_AFTER.test(text.slice(stop, stop + 2))) return false;
    if (!scan.freeForWeak(start, stop)) return false;
    const score = told && (behind || this.isTold(start)) ? 1 : this.byForm(value, digits, start, stop);
    if (score === 0) return false;
    scan.add('phone', score === 1 ? 'phone_word' : 'phone_form', start, stop, score);
    return true;
  }

  /** Whether a word in front says so and none in between says something else. */
  private isTold(start: number): boolean {
    const before = this.scan.before(start).slice(-WORDS_BEFORE);
    return !isSomethingElse(before) && BEFORE_PHONE.topics(before).size > 0;
  }

  /** How sure the way of writing makes, 0 for not at all. */
  private byForm(value: string, digits: string, start: number, end: number): number {
    const { scan } = this;
    const parts = value.split(/\D+/).filter(Boolean).length;
    if (/^\(?\+/.test(value)) return digits.length >= 10 || this.isValid(value) || parts >= 3 ? 0.9 : 0;
    const before = scan.before(start).slice(-16);
    if (isSomethingElse(before)) return 0;
    if (NANP.test(value) || TEN_IN_THREE.test(value) || AREA_IN_PARENTHESES.test(value)) return 0.85;
    if (/^00[1-9]/.test(value) && digits.length >= 10) return this.isValid(`+${value.slice(2)}`) ? 0.85 : 0;
    if (/^\(?0 ?\(?[1-9]/.test(value) && digits.length >= 10 && digits.length <= 12) {
      if (parts >= 2) return this.isValid(value, TRUNK_ZERO) ? 0.8 : 0;
      return scan.alone(start, end) && this.isValid(value, FIXED_LENGTH) ? 0.6 : 0;
    }
    if (TURKISH.test(value) && scan.alone(start, end)) return this.isValid(value, ['TR']) ? 0.6 : 0;
    return /^\d{2,3}-\d{3}-\d{3}-?\d{4}$/.test(value) && this.isValid(`+${digits}`) ? 0.8 : 0;
  }

  private isValid(value: string, countries: readonly (CountryCode | undefined)[] = [undefined]): boolean {
    return countries.some((country) => {
      this.#questions += 1;
      if (this.#questions > MAX_QUESTIONS) return true;
      const number = parsePhoneNumberFromString(
        value.replace('(0)', ''),
        country ? { defaultCountry: country, extract: false } : { extract: false },
      );
      return number?.isValid() ?? false;
    });
  }
}

/** Whether the last words in front of a number say that it is no telephone number: `order no. `, `ID: `. */
function isSomethingElse(before: string): boolean {
  const words = before.match(/[\p{L}\p{N}]+|[.!?]\s|[,;]/gu) ?? [];
  for (const word of words.reverse()) {
    if (NOT_A_PHONE.has(word)) return true;
    if (!NUMBER_WORDS.has(word)) return false;
  }
  return false;
}
