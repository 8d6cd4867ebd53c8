const WINDOW_MS = 60_000;

/** So many rows a minute, and no more. */
export class RowAllowance {
  #until = 0;
  #left = 0;

  constructor(private readonly perMinute: number) {}

  /** @param now epoch milliseconds */
  takes(now: number): boolean {
    if (now >= this.#until) [this.#until, this.#left] = [now + WINDOW_MS, this.perMinute];
    this.#left -= 1;
    return this.#left >= 0;
  }
}
