import { type Algorithm, type Limit, type LimitStore, LimitsUnavailableError, type Standing } from './limit-store.js';
import { type Account, newAccount } from './memory-accounts.js';

/** Keys that are counted at the same time. */
const MOST_ACCOUNTS = 100_000;
/** At most this often those that are over are looked for, milliseconds. */
const SWEEP_MS = 1000;

/**
 * Counts of this process. When it is full nothing new is counted, so whoever invents keys frees nobody's count, and what
 * has no count is handled as the fail mode says.
 */
export class MemoryLimits implements LimitStore {
  readonly #accounts = new Map<string, Account>();
  #sweptAt = -Infinity;

  constructor(
    private readonly algorithm: Algorithm,
    private readonly now: () => number = () => performance.now(),
    private readonly mostAccounts = MOST_ACCOUNTS,
  ) {}

  take(limits: readonly Limit[]): readonly Standing[] {
    const now = this.now();
    const accounts = limits.map((limit) => this.#account(limit, now));
    const standings = accounts.map((account) => account.standing(now));
    if (standings.every(({ free }) => free >= 1)) for (const account of accounts) account.take(now);
    return standings;
  }

  #account({ key, ...rate }: Limit, now: number): Account {
    const known = this.#accounts.get(key);
    if (known) return known;
    if (this.#accounts.size >= this.mostAccounts && !this.#swept(now)) throw new LimitsUnavailableError();
    const account = newAccount(this.algorithm, rate);
    this.#accounts.set(key, account);
    return account;
  }

  /** Whether there is room again. */
  #swept(now: number): boolean {
    if (now - this.#sweptAt >= SWEEP_MS) {
      this.#sweptAt = now;
      for (const [key, account] of this.#accounts) if (account.isOver(now)) this.#accounts.delete(key);
    }
    return this.#accounts.size < this.mostAccounts;
  }
}
