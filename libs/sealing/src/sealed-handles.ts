import type { KeyRing } from './key-ring.js';
import { SealError } from './seal-error.js';
import { Sealer } from './sealer.js';

const LABEL = 'handle';
/** Longest handle that is looked at, in characters: what fits into a header. */
const MAX_LENGTH = 8_192;

/**
 * Opaque handles, such as session ids and cursors, that carry their own state: visible ASCII, bound to an audience, with an
 * expiry. `T` has to survive JSON. When its shape changes, change the key ring's purpose, so that old handles no longer read.
 */
export class SealedHandles<T> {
  readonly #sealer: Sealer;

  constructor(keys: KeyRing) {
    this.#sealer = new Sealer(keys);
  }

  /** Throws RangeError when the expiry is no date or the value is too large to be a handle. */
  mint(value: T, audience: readonly string[], expiresAt: Date): string {
    const expiry = expiresAt.getTime();
    if (Number.isNaN(expiry)) throw new RangeError('A handle needs a valid expiry');
    const handle = this.#sealer.seal(JSON.stringify([expiry, value]), [LABEL, ...audience]);
    if (handle.length > MAX_LENGTH) throw new RangeError(`A handle must not exceed ${MAX_LENGTH} characters`);
    return handle;
  }

  /** The value, or undefined for a handle that is broken, expired, or minted for another audience. */
  read(handle: string, audience: readonly string[], now: Date): T | undefined {
    const text = this.#open(handle, [LABEL, ...audience]);
    if (text === undefined) return undefined;
    const [expiry, value] = JSON.parse(text) as [number, T];
    return now.getTime() < expiry ? value : undefined;
  }

  #open(handle: string, context: readonly string[]): string | undefined {
    if (handle.length > MAX_LENGTH) return undefined;
    try {
      return this.#sealer.open(handle, context).toString('utf8');
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }
}
