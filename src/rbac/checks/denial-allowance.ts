const WINDOW_MS = 60_000;
/** Credentials that are told apart in one window; the others share what one of them has. */
const MOST_CREDENTIALS = 10_000;

/** So many rows a minute for each credential, and no more. */
export class DenialAllowance {
  readonly #taken = new Map<string, number>();
  #until = 0;
  #leftOut = 0;

  constructor(private readonly perMinute: number) {}

  /** How many were not allowed a row since the start. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** @param now epoch milliseconds */
  takes(credential: string, now: number): boolean {
    if (now >= this.#until) {
      this.#taken.clear();
      this.#until = now + WINDOW_MS;
    }
    const known = this.#taken.size < MOST_CREDENTIALS || this.#taken.has(credential);
    const key = known ? credential : '';
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= this.perMinute) {
      this.#leftOut += 1;
      return false;
    }
    this.#taken.set(key, taken + 1);
    return true;
  }
}
