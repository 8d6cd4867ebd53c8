/**
 * A bound on work that holds everybody up: so much of it at once, and a share of all time afterwards.
 * @param mostMs of work at once, milliseconds
 * @param share 0 to 1
 */
export class TimeShare {
  #spent = 0;
  #since = 0;

  constructor(
    readonly mostMs: number,
    private readonly share: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Asked by the work while it is done. */
  get isUsedUp(): boolean {
    return this.#spent + this.now() - this.#since >= this.mostMs;
  }

  /** What the work comes to; undefined, and it is not done, while there is no time left. */
  take<T>(work: () => T): T | undefined {
    const begun = this.now();
    this.#spent = Math.max(0, this.#spent - (begun - this.#since) * this.share);
    this.#since = begun;
    if (this.#spent >= this.mostMs) return undefined;
    try {
      return work();
    } finally {
      this.#since = this.now();
      this.#spent += this.#since - begun;
    }
  }
}
