export interface BreakerRules {
  /** Share of failures, 0 to 1, that opens it. */
  readonly errorRate: number;
  /** In which calls are counted, milliseconds. */
  readonly windowMs: number;
  /** Fewer calls in the window than this say nothing of a rate. */
  readonly minCalls: number;
  /** Failures in a row that open it. */
  readonly consecutive: number;
  /** How long it stays open, milliseconds. */
  readonly cooldownMs: number;
}

/** Parts of the window that are forgotten at a time. */
const SLOTS = 10;

interface Slot {
  readonly number: number;
  calls: number;
  failures: number;
}

/**
 * Keeps calls away from a tool that fails. Open, it lets one call through after each pause: its success closes it, its
 * failure or silence leaves it open. Times are milliseconds of a clock that is never set back.
 */
export class Breaker {
  #slots: Slot[] = [];
  #consecutive = 0;
  /** Undefined while it is closed. */
  #retryAt: number | undefined;

  constructor(private readonly rules: BreakerRules) {}

  /** Milliseconds to stay away; 0 lets this one call go. */
  enter(now: number): number {
    if (this.#retryAt === undefined) return 0;
    if (now < this.#retryAt) return this.#retryAt - now;
    // The next one comes when nothing has been heard of this one.
    this.#retryAt = now + this.rules.cooldownMs;
    return 0;
  }

  succeeded(now: number): void {
    this.#consecutive = 0;
    if (this.#retryAt !== undefined) [this.#retryAt, this.#slots] = [undefined, []];
    this.#slot(now).calls++;
  }

  failed(now: number): void {
    const slot = this.#slot(now);
    slot.calls++;
    slot.failures++;
    this.#consecutive++;
    if (this.#retryAt !== undefined || this.#isTooMuch()) this.#retryAt = now + this.rules.cooldownMs;
  }

  #isTooMuch(): boolean {
    const { consecutive, minCalls, errorRate } = this.rules;
    const calls = this.#slots.reduce((sum, slot) => sum + slot.calls, 0);
    const failures = this.#slots.reduce((sum, slot) => sum + slot.failures, 0);
    return this.#consecutive >= consecutive || (calls >= minCalls && failures >= errorRate * calls);
  }

  #slot(now: number): Slot {
    const number = Math.floor((now * SLOTS) / this.rules.windowMs);
    this.#slots = this.#slots.filter((slot) => slot.number > number - SLOTS);
    let last = this.#slots.at(-1);
    if (last?.number !== number) this.#slots.push((last = { number, calls: 0, failures: 0 }));
    return last;
  }
}
