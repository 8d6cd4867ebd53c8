import { AMERICAS } from './americas.rules.js';
import { ASIA_AFRICA_OCEANIA } from './asia-africa-oceania.rules.js';
import { EUROPE_DIGITS } from './europe-digits.rules.js';
import { EUROPE_LETTERS } from './europe-letters.rules.js';
import type { IdRule } from './id-rule.js';
import { PASSPORTS } from './passports.rules.js';

/** Every kind; where two fit the same number, the first counts: letters tell more than digits. */
export const ID_RULES: readonly IdRule[] = [
  ...EUROPE_LETTERS,
  ...EUROPE_DIGITS,
  ...AMERICAS,
  ...ASIA_AFRICA_OCEANIA,
  ...PASSPORTS,
];
