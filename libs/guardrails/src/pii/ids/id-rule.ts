import { stdnum } from 'stdnum';

/** One kind of identifier that a state, a bank or a health system gives to a person. */
export interface IdRule {
  readonly rule: string;
  /** What the finding is called, where not `national_id`. */
  readonly type?: string;
  /** The identifier in capitals without separators. */
  readonly shape: RegExp;
  /** Check digits and dates; missing where the identifier has none. */
  readonly check?: (compact: string) => boolean;
  /** What stands near it, as in `words.rules.ts`; a number without it is not found unless one of the next three holds. */
  readonly words: string;
  /** Letters and check digits that prose, product numbers and hashes do not have by chance. */
  readonly distinct?: true;
  /** The way it is written by custom, in capitals with separators, which together with the check digit is enough. */
  readonly written?: RegExp;
  /** A text that is nothing but this number is taken for one: one number in ten or fewer passes by chance. */
  readonly alone?: true;
}

/** A validator of `stdnum`, by country and name. */
export function valid(country: string, name: string): (compact: string) => boolean {
  const validator = stdnum[country]?.[name];
  if (!validator) throw new Error(`stdnum has no ${country}.${name}`);
  return (compact) => validator.validate(compact).isValid;
}

/** So many digits, or as many as one of the others. */
export const d = (...lengths: number[]): RegExp =>
  new RegExp(`^(?:${lengths.map((length) => `\\d{${length}}`).join('|')})$`);
export const TAX = 'tin|tax id|tax number|tax no|tax code|tax identification|taxpayer|vat';
