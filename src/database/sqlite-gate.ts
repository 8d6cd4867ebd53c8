/** Thrown to one who waited too long: some transaction does not end. */
export class GateTimeoutError extends Error {
  constructor(waitedMs: number) {
    super(`The SQLite database was not free within ${waitedMs} ms: a transaction takes too long, or waits for itself`);
    this.name = 'GateTimeoutError';
  }
}

/** Lets one holder at a time use the single SQLite connection, first come, first served. */
export class SqliteGate {
  readonly #waiting = new Set<() => void>();
  #held = false;

  /** @param waitMs longest wait, milliseconds */
  constructor(private readonly waitMs: number) {}

  /** @throws GateTimeoutError */
  async enter(): Promise<void> {
    if (!this.#held) {
      this.#held = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(admit);
        reject(new GateTimeoutError(this.waitMs));
      }, this.waitMs);
      this.#waiting.add(admit);
    });
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#held = false;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
