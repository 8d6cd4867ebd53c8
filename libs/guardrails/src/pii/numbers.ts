import { abaRouting, nlBsn } from './check-digits.js';
import { MOMENT } from './dates.js';
import { isWhole, type Scan } from './scan.js';

interface NumberRule {
  readonly type: string;
  readonly rule: string;
  readonly pattern: RegExp;
  /** What the words around must speak of; missing where the form is enough. */
  readonly topic?: string;
  readonly check?: (digits: string) => boolean;
  /** Whether a text that is nothing else is taken for one. */
  readonly alone?: true;
  readonly score: number;
}

/** Areas 000, 666 and 900 to 999, group 00 and serial 0000 are not given out; 9xx with certain groups is an ITIN. */
const isSsn = (digits: string): boolean => !/^(?:000|666|9)|^.{3}00|0000$/.test(digits);
const isItin = (digits: string): boolean => /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-2]|9[4-9])\d{4}$/.test(digits);

/** Before the identifiers with check digits: the forms of the United States and the Netherlands. */
const FIRST: readonly NumberRule[] = [
  { type: 'ssn', rule: 'ssn_dashed', pattern: /\d{3}([- ])\d\d\1\d{4}/g, check: isSsn, score: 0.95 },
  { type: 'ssn', rule: 'itin_dashed', pattern: /\d{3}([- ])\d\d\1\d{4}/g, check: isItin, score: 0.9 },
  {
    type: 'ssn',
    rule: 'ssn_itin_half_dashed',
    pattern: /\d{3}-\d{6}|\d{5}-\d{4}/g,
    topic: 'ssn',
    check: (digits) => isSsn(digits) || isItin(digits),
    score: 0.9,
  },
  { type: 'ssn', rule: 'ssn_words', pattern: /\d{3}[-. ]?\d\d[-. ]?\d{4}/g, topic: 'ssn', check: isSsn, score: 0.9 },
  { type: 'bsn', rule: 'bsn', pattern: /\d{4}\.?\d\d\.?\d{3}/g, topic: 'bsn', check: nlBsn, alone: true, score: 0.9 },
];

/** After them: numbers without check digits, told by their words only. */
const LAST: readonly NumberRule[] = [
  {
    type: 'bank_account',
    rule: 'aba_routing',
    pattern: /\d{9}/g,
    topic: 'routing',
    check: abaRouting,
    alone: true,
    score: 0.9,
  },
  { type: 'bank_account', rule: 'sort_code', pattern: /\d\d-\d\d-\d\d/g, topic: 'sort_code', score: 0.9 },
  {
    type: 'driver_license',
    rule: 'driver_license',
    pattern: /(?=[A-Za-z-]{0,6}\d)[A-Za-z0-9](?:-?[A-Za-z0-9]){4,19}/g,
    topic: 'license',
    score: 0.8,
  },
  {
    type: 'passport',
    rule: 'passport',
    pattern: /[A-Za-z]{1,3}\d{6,9}|[A-Za-z]\d{3}[A-Za-z]\d{4}|\d{8,9}|\d\d[A-Za-z]{2}\d{5}/g,
    topic: 'passport',
    score: 0.8,
  },
  {
    type: 'medical_record',
    rule: 'medical_record',
    pattern: /(?=[A-Za-z-]{0,6}\d)[A-Za-z0-9](?:-?[A-Za-z0-9]){4,14}/g,
    topic: 'medical',
    score: 0.8,
  },
];

/** After the telephone numbers. */
const BANK: readonly NumberRule[] = [
  { type: 'bank_account', rule: 'bank_account', pattern: /\d(?:[ -]?\d){7,16}/g, topic: 'bank', score: 0.7 },
];

const find =
  (rules: readonly NumberRule[]) =>
  (scan: Scan, from: number, to: number, topics: ReadonlySet<string>): void => {
    const { text } = scan;
    const stretch = text.slice(from, to);
    for (const rule of rules) {
      const told = rule.topic === undefined || topics.has(rule.topic);
      if (!told && !rule.alone) continue;
      for (const match of stretch.matchAll(rule.pattern)) {
        const start = from + match.index;
        const end = start + match[0].length;
        if (!told && !scan.alone(start, end)) continue;
        if (!isWhole(text, start, end) || (match[0].match(/\d/g)?.length ?? 0) < 4 || MOMENT.test(match[0])) continue;
        if (rule.check && !rule.check(match[0].replace(/\D/g, ''))) continue;
        if (rule.check ? scan.free(start, end) : scan.freeForWeak(start, end))
          scan.add(rule.type, rule.rule, start, end, rule.score);
      }
    }
  };

export const findSsns = find(FIRST);
export const findNumbersByWords = find(LAST);
export const findBankAccounts = find(BANK);
