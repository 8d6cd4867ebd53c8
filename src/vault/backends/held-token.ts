import { StoreError } from './store-error.js';

export interface Grant {
  readonly token: string;
  /** Epoch milliseconds from which it is worth asking for another; Infinity for never. */
  readonly renewAt: number;
  /** Epoch milliseconds; Infinity for never. */
  readonly expiresAt: number;
}

/** How much of its life a token has had when it is renewed. */
const RENEW_AFTER = 2 / 3;
/** Milliseconds; what the timers of Node can take. */
const LONGEST_TIMER = 2_147_483_647;

/** @param seconds of life; zero or less for one that does not end */
export function grantFor(token: string, seconds: number): Grant {
  const now = Date.now();
  if (!(seconds > 0)) return { token, renewAt: Infinity, expiresAt: Infinity };
  return { token, renewAt: now + seconds * 1000 * RENEW_AFTER, expiresAt: now + seconds * 1000 };
}

/** A token for a store: got when it is first needed, once for all who wait, and again before it ends. */
export class HeldToken {
  #held: Grant | undefined;
  #flight: Promise<Grant> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param obtain gets one, given the one before when that still counts
   * @param keep whether it has to be renewed while nobody asks for it, because no other could be had
   */
  constructor(
    private readonly obtain: (before: Grant | undefined) => Promise<Grant>,
    private readonly keep = false,
  ) {}

  /** Rejects as `obtain` does, unless the one before still counts. */
  async get(): Promise<string> {
    const held = this.#held;
    if (held && Date.now() < held.renewAt) return held.token;
    try {
      return (await this.#renewed(held)).token;
    } catch (error) {
      if (held && Date.now() < held.expiresAt) return held.token;
      throw error;
    }
  }

  /**
   * What `call` gives with the token. One that the store refuses, which it may have revoked, is replaced once.
   * @param refused the status with which it does
   */
  async use<T>(call: (token: string) => Promise<T>, refused = 401): Promise<T> {
    const token = await this.get();
    try {
      return await call(token);
    } catch (error) {
      if (!(error instanceof StoreError) || error.status !== refused) throw error;
      if (this.#held?.token === token) this.#held = undefined;
      return call(await this.get());
    }
  }

  #renewed(held: Grant | undefined): Promise<Grant> {
    const before = held && Date.now() < held.expiresAt ? held : undefined;
    this.#flight ??= this.obtain(before)
      .then((grant) => {
        this.#held = grant;
        if (this.keep && grant.renewAt !== Infinity) this.#later(grant.renewAt - Date.now());
        return grant;
      })
      .finally(() => {
        this.#flight = undefined;
      });
    return this.#flight;
  }

  #later(ms: number): void {
    // Whoever asks next is told what is wrong.
    const renew = (): void => void this.get().catch(() => undefined);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(renew, Math.min(ms, LONGEST_TIMER)).unref();
  }
}
