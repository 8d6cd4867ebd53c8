import type { Rate } from './rate.js';

export const ALGORITHMS = ['fixed_window', 'sliding_window', 'token_bucket'] as const;
/**
 * - `fixed_window`: a window begins with its first call
 * - `sliding_window`: no window, wherever it begins, has more; a call counts up to a hundredth of the window longer
 * - `token_bucket`: the limit at once, and from then on as many as come back evenly over the window
 */
export type Algorithm = (typeof ALGORITHMS)[number];

/** One of the limits that a call is under. */
export interface Limit extends Rate {
  /** Who, and what. */
  readonly key: string;
}

/** How it stood with a limit before the call. */
export interface Standing {
  /** Calls that it has room for. */
  readonly free: number;
  /** Until it has room again, milliseconds; without meaning where it has. */
  readonly waitMs: number;
}

/** Counts calls: each under all of its limits or under none, in one step, however many come at once. */
export interface LimitStore {
  /**
   * The call is counted where every limit has room.
   * @throws LimitsUnavailableError where that can't be known
   */
  take(limits: readonly Limit[]): readonly Standing[] | Promise<readonly Standing[]>;
}

export class LimitsUnavailableError extends Error {
  constructor(options?: ErrorOptions) {
    super('the counts of rate limits cannot be reached', options);
    this.name = 'LimitsUnavailableError';
  }
}
