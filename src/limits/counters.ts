/** What one take did to a window. */
export interface Taken {
  readonly allowed: boolean;
  /** What is left of the limit in this window. */
  readonly remaining: number;
  /** Until the window ends and everything is free again, milliseconds. */
  readonly resetMs: number;
}

/**
 * Counts that limit something: exact under concurrency, and across replicas where they share a store.
 * A window starts with its first take. A take that is not allowed counts nothing.
 */
export abstract class Counters {
  /**
   * @param key begins with the name of what is counted and a colon (`login:10.0.0.1`), never with a caller's words
   * @param cost 1 or more
   * @throws CountersUnavailableError when the shared store can't be reached; the caller decides what that means
   */
  abstract take(key: string, limit: number, windowMs: number, cost?: number): Promise<Taken>;
  /** Forgets a window. */
  abstract clear(key: string): Promise<void>;
}

export class CountersUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the store of counters cannot be reached', { cause });
    this.name = 'CountersUnavailableError';
  }
}
