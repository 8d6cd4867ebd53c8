import type { IdRule } from './id-rule.js';

/** Passports without check digits, by what the states print; the German one, which has some, is among those of Europe. */
export const PASSPORTS: readonly IdRule[] = [
  // Letter, digits that neither begin nor end with 0.
  passport('in', /^[A-PR-WY][1-9]\d{5}[1-9]$/),
  // Three digits, a letter, four digits since 2020; before that eight digits.
  passport('kr', /^[DMORS]\d{3}[A-Z]\d{4}$/),
  passport('us', /^[A-Z]\d{8}$/),
  passport('gb_it', /^[A-Z]{2}\d{7}$/),
  passport('es', /^[A-Z]{3}\d{6}$/),
];

function passport(state: string, shape: RegExp): IdRule {
  return { rule: `${state}_passport`, type: 'passport', shape, words: 'passport no|passport number', alone: true };
}
