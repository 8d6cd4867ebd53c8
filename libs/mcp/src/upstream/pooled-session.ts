import type { LegacySession } from './legacy-session.js';

/** A session that stays open until it is released. Releasing twice does no harm. */
export interface SessionLease {
  readonly session: LegacySession;
  readonly release: () => void;
}

/** A session in a pool, from the begin of its opening, with the number of those who use it or wait for it. */
export class PooledSession {
  #users = 0;
  #idleSince = 0;
  #opened: LegacySession | undefined;

  constructor(readonly opening: Promise<LegacySession>) {}

  /** The session, once it is open. */
  get opened(): LegacySession | undefined {
    return this.#opened;
  }

  /** @throws what the opening throws */
  async lease(): Promise<SessionLease> {
    this.#users++;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      this.#users--;
      this.#idleSince = performance.now();
    };
    try {
      this.#opened = await this.opening;
      return { session: this.#opened, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Whether nobody has used it for so many milliseconds. */
  isIdle(forMs: number): boolean {
    return this.#users === 0 && performance.now() - this.#idleSince >= forMs;
  }
}
