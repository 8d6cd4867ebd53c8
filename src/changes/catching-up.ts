/** After a load that failed, milliseconds. */
const RETRY_MS = 1000;

/** Keeps a copy of something up with its changes: loads are never beside each other, and none misses what was announced before it. */
export class CatchingUp {
  /** How many changes were announced, and how many of them the copy has. */
  #announced = 0;
  #served = 0;
  #loading: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  /**
   * @param load makes the copy anew
   * @param failed is told when it can't; it is tried again until it can
   */
  constructor(
    private readonly load: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  announce(): void {
    this.#announced += 1;
    // Its failure was told, and is tried again; those who wait for the change hear of it themselves.
    this.#start().catch(() => undefined);
  }

  /** Settles when the copy is loaded. @throws what made it impossible */
  async first(): Promise<void> {
    this.#announced += 1;
    await this.caughtUp();
  }

  /** Settles when the copy has every change that was announced before the call. @throws what made it impossible */
  async caughtUp(): Promise<void> {
    const wanted = this.#announced;
    while (this.#served < wanted && this.#behind) await this.#start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#loading?.catch(() => undefined);
  }

  get #behind(): boolean {
    return this.#served < this.#announced && !this.#stopped;
  }

  /** One at a time: what is announced meanwhile is picked up together by the next. */
  #start(): Promise<void> {
    if (this.#behind) this.#loading ??= this.#loadAll();
    return this.#loading ?? Promise.resolve();
  }

  async #loadAll(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      while (this.#behind) {
        const having = this.#announced;
        await this.load();
        this.#served = having;
      }
    } catch (error) {
      this.failed(error);
      this.#retry = setTimeout(() => void this.#start().catch(() => undefined), RETRY_MS).unref();
      throw error;
    } finally {
      // Not in a callback of the promise: a change announced before that ran would be overlooked.
      this.#loading = undefined;
    }
  }
}
