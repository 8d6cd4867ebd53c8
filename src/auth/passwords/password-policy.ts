import { isCommonPassword } from './common-passwords.js';
import { LONGEST_PASSWORD } from './longest-password.js';
import type { PasswordSettings } from './password.settings.js';

/** For whom a password is meant; longer ones are asked of the mightier. */
export interface PasswordOwner {
  readonly email: string;
  readonly isAdmin: boolean;
  /** An account of a program. */
  readonly isService?: boolean;
}

/** Shorter names are in too many words. */
const SHORTEST_NAME = 3;
/** Of upper case, lower case, digits and others. */
const FEWEST_CLASSES = 3;
/** From so many neighbours on, a run says no more than its first character. */
const RUN = 3;

/** What a password may be. Pure: nothing is read but the settings and the list of common passwords. */
export class PasswordPolicy {
  constructor(private readonly settings: PasswordSettings) {}

  /** @returns each rule that the password breaks, as the end of a sentence that begins with "The password" */
  faults(password: string, owner: PasswordOwner): string[] {
    if (password.length > LONGEST_PASSWORD) return [`must have at most ${LONGEST_PASSWORD} characters`];
    if (!this.settings.policyEnabled) return password === '' ? ['must not be empty'] : [];
    const faults = [...this.#length(password, owner), ...this.#classes(password)];
    if (isCommonPassword(password))
      faults.push('must not be a common password, nor one with digits or signs around it');
    if (containsName(password, owner.email)) faults.push('must not contain the name in the e-mail address');
    return faults;
  }

  #length(password: string, owner: PasswordOwner): string[] {
    const shortest = this.#shortest(owner);
    const told = 'a run of neighbours such as abc, 321 or aaa counts as one';
    return tellingLength(password) < shortest ? [`must have at least ${shortest} characters, where ${told}`] : [];
  }

  #shortest({ isAdmin, isService = false }: PasswordOwner): number {
    const { minLength, minLengthUser, minLengthPrivileged, minLengthService } = this.settings;
    return Math.max(minLength, isAdmin ? minLengthPrivileged : 0, isService ? minLengthService : minLengthUser);
  }

  #classes(password: string): string[] {
    const { requireUppercase, requireLowercase, requireNumbers, requireSpecial } = this.settings;
    const classes = [
      { required: requireUppercase, has: /\p{Lu}/u.test(password), name: 'an upper-case letter' },
      { required: requireLowercase, has: /\p{Ll}/u.test(password), name: 'a lower-case letter' },
      { required: requireNumbers, has: /\p{Nd}/u.test(password), name: 'a digit' },
      {
        required: requireSpecial,
        has: /[^\p{L}\p{N}]/u.test(password),
        name: 'a character that is neither letter nor digit',
      },
    ];
    const faults = classes.filter(({ required, has }) => required && !has).map(({ name }) => `must have ${name}`);
    const found = classes.filter(({ has }) => has).length;
    if (found < FEWEST_CLASSES) {
      faults.push(`must have ${FEWEST_CLASSES} of: upper case, lower case, digits, other characters`);
    }
    return faults;
  }
}

/**
 * The number of characters, where a run of neighbours up, down or alike is one. To refuse such runs would refuse "first"
 * and "understand" in a passphrase; not to count them takes from `abcdefgh1234` what it pretends to have.
 */
function tellingLength(password: string): number {
  const codes = Array.from(password.normalize('NFC').toLowerCase(), (character) => character.codePointAt(0) ?? 0);
  let length = 0;
  for (let start = 0; start < codes.length; length += 1) {
    const run = runFrom(codes, start);
    start += run >= RUN ? run : 1;
  }
  return length;
}

function runFrom(codes: readonly number[], start: number): number {
  const first = codes[start] ?? 0;
  const step = (codes[start + 1] ?? Infinity) - first;
  if (Math.abs(step) > 1) return 1;
  let end = start + 1;
  while (end < codes.length && codes[end] === first + step * (end - start)) end += 1;
  return end - start;
}

function containsName(password: string, email: string): boolean {
  const name = email.slice(0, Math.max(0, email.indexOf('@'))).toLowerCase();
  // What looks alike counts alike: full-width letters hide nothing.
  return name.length >= SHORTEST_NAME && password.normalize('NFKC').toLowerCase().includes(name);
}
