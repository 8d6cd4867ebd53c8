import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { isAscii } from '../is-ascii.js';
import { findBirthDates } from './birth-date.js';
import { findCards } from './card.js';
import { findCryptoAddresses } from './crypto-address.js';
import { MOMENT } from './dates.js';
import { findEmails } from './email.js';
import { findIbans } from './iban.js';
import { findIds } from './ids/find-ids.js';
import { findIpv4, findIpv6 } from './ip-address.js';
import { findKeys } from './keys.js';
import { findMacs } from './mac-address.js';
import { findBankAccounts, findNumbersByWords, findSsns } from './numbers.js';
import { PhoneFinder } from './phone.js';
import { Scan } from './scan.js';
import { findShortIds } from './short-ids.js';
import { digitsOf } from './stretches.js';
import { findUrls } from './url.js';

/** What is looked for: the contract's `detect_*` keys and our own, all true unless said. */
export interface PiiOptions {
  readonly detectSsn?: boolean;
  /** Dutch citizen service number. */
  readonly detectBsn?: boolean;
  readonly detectCreditCard?: boolean;
  readonly detectEmail?: boolean;
  readonly detectPhone?: boolean;
  readonly detectIpAddress?: boolean;
  readonly detectDateOfBirth?: boolean;
  readonly detectPassport?: boolean;
  readonly detectDriverLicense?: boolean;
  /** Account and routing numbers, and IBANs. */
  readonly detectBankAccount?: boolean;
  readonly detectMedicalRecord?: boolean;
  readonly detectAwsKeys?: boolean;
  readonly detectApiKeys?: boolean;
  readonly detectNationalId?: boolean;
  readonly detectCryptoAddress?: boolean;
  readonly detectMacAddress?: boolean;
  readonly detectVehicleRegistration?: boolean;
  /** Of the United Kingdom, where a code is a handful of houses. */
  readonly detectPostcode?: boolean;
  /** False unless said: most addresses of the web are nobody's. */
  readonly detectUrl?: boolean;
}

const OPTION_OF: Readonly<Record<string, keyof PiiOptions>> = {
  ssn: 'detectSsn',
  bsn: 'detectBsn',
  credit_card: 'detectCreditCard',
  email: 'detectEmail',
  phone: 'detectPhone',
  ip_address: 'detectIpAddress',
  date_of_birth: 'detectDateOfBirth',
  passport: 'detectPassport',
  driver_license: 'detectDriverLicense',
  bank_account: 'detectBankAccount',
  iban: 'detectBankAccount',
  medical_record: 'detectMedicalRecord',
  aws_key: 'detectAwsKeys',
  api_key: 'detectApiKeys',
  national_id: 'detectNationalId',
  crypto_address: 'detectCryptoAddress',
  mac_address: 'detectMacAddress',
  vehicle_registration: 'detectVehicleRegistration',
  postcode: 'detectPostcode',
  url: 'detectUrl',
};

/** Every type of finding. */
export const PII_TYPES: ReadonlySet<string> = new Set(Object.keys(OPTION_OF));

/** The dashes and spaces of typesetters, each one place long as the ones it becomes: offsets stay. */
const TYPESET = /[\u00a0\u2000-\u200a\u2010-\u2015\u202f\u205f\u2212\u3000\ufe58\ufe63\uff0d]/g;
const plain = (text: string): string =>
  isAscii(text) ? text : text.replace(TYPESET, (letter) => (/\s/.test(letter) ? ' ' : '-'));

/** What masking has put in the place of a value, see `mask.ts`. */
const isMasked = (stretch: string): boolean => stretch.includes('[') && /\[(?:HASH|TOKEN):[0-9a-f]{8}\]/.test(stretch);
/** Characters of the shortest text that tells of anybody. */
const SHORTEST = 5;
/** Of everything but the short kinds, which stand among letters. */
const LEAST_DIGITS = 4;
const LETTERED = /[A-Za-z]\d|\d[A-Za-z]/;

/** Years, short numbers, dates and times: most of the digits of prose. */
const isHarmless = (stretch: string, digits: number): boolean =>
  (digits < 6 && (stretch.length < 9 || !LETTERED.test(stretch))) || MOMENT.test(stretch);

/**
 * Personal data that can be told by its form: identifiers with check digits, addresses, and numbers beside the word
 * that says what they are. Names and postal addresses are not found: that takes a language model.
 */
export class PiiDetector implements Detector {
  readonly #options: PiiOptions;

  constructor(options: PiiOptions = {}) {
    this.#options = options;
  }

  find(given: string, label?: string): readonly Finding[] {
    if (given.length < SHORTEST) return [];
    const scan = new Scan(plain(given), label, (type) => this.#wants(type));
    const { text } = scan;
    if (this.#options.detectUrl) findUrls(scan);
    if (text.includes('@')) findEmails(scan);
    if (text.includes(':')) findIpv6(scan);
    const { stretches, inKey } = digitsOf(text);
    findKeys(scan, inKey);
    const phones = new PhoneFinder(scan);
    // The order decides who takes a stretch that two could: the ones with check digits first.
    for (const { from, to, digits, isLettered } of stretches) {
      if (scan.full) break;
      if (isMasked(text.slice(Math.max(0, from - 8), to + 1))) continue;
      if (digits >= LEAST_DIGITS) this.#findLong(scan, phones, from, to, digits);
      if (isLettered) findShortIds(scan, from, to);
    }
    return scan.findings.filter(({ type }) => this.#wants(type));
  }

  #findLong(scan: Scan, phones: PhoneFinder, from: number, to: number, digits: number): void {
    findIpv4(scan, from, to);
    findBirthDates(scan, from, to);
    if (isHarmless(scan.text.slice(from, to), digits)) return;
    const topics = scan.topics(from, to);
    findIbans(scan, from, to);
    findCryptoAddresses(scan, from, to);
    findMacs(scan, from, to);
    findCards(scan, from, to, topics);
    findSsns(scan, from, to, topics);
    findIds(scan, from, to, topics);
    findNumbersByWords(scan, from, to, topics);
    phones.find(from, to, topics);
    findBankAccounts(scan, from, to, topics);
  }

  #wants(type: string): boolean {
    const option = OPTION_OF[type];
    return option === undefined || (this.#options[option] ?? option !== 'detectUrl');
  }
}
