import { Injectable, Logger } from '@nestjs/common';
import type { User } from '../accounts/user.entity.js';
import { isCommonPassword } from './common-passwords.js';
import { PasswordPolicy } from './password-policy.js';
import { PasswordSettings } from './password.settings.js';

const DAY_MS = 86_400_000;
/** What `openssl rand` or a first start makes: long, without blanks, of many different characters. */
const RANDOM = /^[\w+/=-]{32,}$/;
const FEWEST_DISTINCT = 10;

/** Whether an account has to choose another password before it may go on. */
@Injectable()
export class PasswordAge {
  readonly #log = new Logger(PasswordAge.name);

  constructor(private readonly settings: PasswordSettings) {}

  /**
   * Only accounts with a password here; tokens of programs are not asked.
   * @param given the password they signed in with, where it is known
   */
  mustChange(user: User, given?: string): boolean {
    const { changeEnforced, changeDefault } = this.settings;
    if (!changeEnforced || user.authProvider !== 'local') return false;
    if (user.passwordChangeRequired || this.#isTooOld(user)) return true;
    return changeDefault && given !== undefined && isCommonPassword(given);
  }

  /**
   * The same for a PLATFORM_ADMIN_PASSWORD. It never stops the start: a deployment that ran yesterday runs today.
   * A random one need not be changed, whatever characters chance left out.
   */
  bootstrapMustChange(password: string, email: string): boolean {
    const faults = new PasswordPolicy(this.settings).faults(password, { email, isAdmin: true });
    if (faults.length === 0 || isRandom(password)) return false;
    // As an error, because warnings are not shown by default.
    this.#log.error(`PLATFORM_ADMIN_PASSWORD is weak, change it at once: it ${faults.join('; ')}`);
    return this.settings.changeOnBootstrap;
  }

  #isTooOld({ passwordChangedAt, createdAt }: User): boolean {
    const { maxAgeDays } = this.settings;
    // Where nobody wrote down when, the password is at most as old as its account.
    return maxAgeDays > 0 && Date.now() - (passwordChangedAt ?? createdAt).getTime() > maxAgeDays * DAY_MS;
  }
}

const isRandom = (password: string): boolean => RANDOM.test(password) && new Set(password).size >= FEWEST_DISTINCT;
