import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyBackend } from './key-backend.js';
import { StoreError } from './store-error.js';

/**
 * Wraps a key of no use and unwraps it again, in its own context and in another.
 * @throws StoreError when that fails, or when the other context is as good: then keys could be moved unseen
 */
export async function demandRoundTrip(backend: KeyBackend, setting: string): Promise<void> {
  const probe = randomBytes(32);
  const wrapped = await backend.wrap(probe, 'check');
  if (!timingSafeEqual(await backend.unwrap(wrapped, 'check'), probe))
    throw new StoreError('invalid_answer', `The key that ${setting} names does not unwrap what it wrapped`);
  const elsewhere = await backend.unwrap(wrapped, 'elsewhere').catch(refusalOnly);
  if (elsewhere)
    throw new StoreError('misconfigured', `The key that ${setting} names does not bind keys to their context`);
}

function refusalOnly(error: unknown): undefined {
  if (error instanceof StoreError && error.reason === 'refused') return undefined;
  throw error;
}
