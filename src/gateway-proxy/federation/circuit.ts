export interface CircuitRules {
  /** Outages in a row that open it; 0 for never. */
  readonly threshold: number;
  /** How long it stays open, milliseconds; a fifth more or less. */
  readonly openMs: number;
}

const SPREAD = 0.2;

/**
 * Keeps calls away from an upstream that is down. Open, it lets one call through after each pause: an answer closes it, an
 * outage or silence leaves it open for another. It costs a warm call two comparisons and no memory.
 */
export class Circuit {
  #outages = 0;
  /** When the next call may go, milliseconds; 0 while it is closed. */
  #retryAt = 0;

  /** @param random from 0 to 1 */
  constructor(
    private readonly rules: CircuitRules,
    private readonly random: () => number = Math.random,
  ) {}

  get isOpen(): boolean {
    return this.#retryAt !== 0;
  }

  /** Milliseconds to stay away; 0 lets this one call go. @param now milliseconds of a clock that is never set back */
  enter(now: number): number {
    if (this.#retryAt === 0) return 0;
    if (now < this.#retryAt) return this.#retryAt - now;
    this.#pause(now);
    return 0;
  }

  /** The upstream answered, whatever it said. */
  answered(): void {
    if (this.#outages === 0) return;
    this.#outages = 0;
    this.#retryAt = 0;
  }

  /** The upstream was out. */
  missed(now: number): void {
    this.#outages += 1;
    if (this.rules.threshold > 0 && this.#outages >= this.rules.threshold) this.#pause(now);
  }

  /** Replicas must not come back all at once. */
  #pause(now: number): void {
    this.#retryAt = now + this.rules.openMs * (1 - SPREAD + 2 * SPREAD * this.random());
  }
}
