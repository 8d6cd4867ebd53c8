import type { Algorithm, Standing } from './limit-store.js';
import type { Rate } from './rate.js';

/** The count of one key. Times are milliseconds of a clock that nobody sets. */
export interface Account {
  standing(now: number): Standing;
  take(now: number): void;
  /** Nothing is left of it that a new one would not know. */
  isOver(now: number): boolean;
}

class FixedWindow implements Account {
  #used = 0;
  #endsAt = -Infinity;

  constructor(private readonly rate: Rate) {}

  standing(now: number): Standing {
    const { limit, windowMs } = this.rate;
    return this.isOver(now)
      ? { free: limit, waitMs: windowMs }
      : { free: limit - this.#used, waitMs: this.#endsAt - now };
  }

  take(now: number): void {
    if (this.isOver(now)) [this.#used, this.#endsAt] = [0, now + this.rate.windowMs];
    this.#used++;
  }

  isOver(now: number): boolean {
    return now >= this.#endsAt;
  }
}

/** Slots that a sliding window is counted in: what it remembers stays small, and it never lets too many through. */
export const SLOTS = 100;

class SlidingWindow implements Account {
  /** Calls by slot, the oldest first. */
  readonly #slots = new Map<number, number>();
  readonly #slotMs: number;
  #used = 0;

  constructor(private readonly rate: Rate) {
    this.#slotMs = rate.windowMs / SLOTS;
  }

  standing(now: number): Standing {
    this.#forget(now);
    const [oldest = 0] = this.#slots.keys();
    return { free: this.rate.limit - this.#used, waitMs: this.#leavesAt(oldest) - now };
  }

  take(now: number): void {
    const slot = Math.floor(now / this.#slotMs);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + 1);
    this.#used++;
  }

  isOver(now: number): boolean {
    this.#forget(now);
    return this.#used === 0;
  }

  #forget(now: number): void {
    for (const [slot, count] of this.#slots) {
      if (this.#leavesAt(slot) > now) return;
      this.#slots.delete(slot);
      this.#used -= count;
    }
  }

  #leavesAt(slot: number): number {
    return (slot + 1) * this.#slotMs + this.rate.windowMs;
  }
}

/** Of a token: what is missing by less was lost in rounding. */
const TINY = 1e-9;

class TokenBucket implements Account {
  #tokens: number;
  #at = -Infinity;

  constructor(private readonly rate: Rate) {
    this.#tokens = rate.limit;
  }

  standing(now: number): Standing {
    this.#fill(now);
    const { limit, windowMs } = this.rate;
    const waitMs = Math.max(0, ((1 - this.#tokens) * windowMs) / limit);
    return { free: Math.floor(this.#tokens + TINY), waitMs };
  }

  take(now: number): void {
    this.#fill(now);
    this.#tokens--;
  }

  isOver(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.rate.limit;
  }

  #fill(now: number): void {
    const { limit, windowMs } = this.rate;
    this.#tokens = Math.min(limit, this.#tokens + ((now - this.#at) * limit) / windowMs);
    this.#at = now;
  }
}

const OF_ALGORITHM = { fixed_window: FixedWindow, sliding_window: SlidingWindow, token_bucket: TokenBucket } as const;

export const newAccount = (algorithm: Algorithm, rate: Rate): Account => new OF_ALGORITHM[algorithm](rate);
