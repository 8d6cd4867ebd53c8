import type { WrappedKey } from './key-backend.js';
import { StoreError } from './store-error.js';

const BYTES = 32;

/** @throws Error unless it has 32 bytes, before anything else is done with it */
export function demandDataKey(dataKey: Buffer): Buffer {
  if (dataKey.length !== BYTES) throw new Error(`A data key has ${BYTES} bytes`);
  return dataKey;
}

/** What a backend unwrapped. @throws StoreError `invalid_answer` unless it has the length of a data key */
export function unwrappedDataKey(bytes: Buffer): Buffer {
  if (bytes.length === BYTES) return bytes;
  throw new StoreError('invalid_answer', `The key backend unwrapped something that is no data key of ${BYTES} bytes`);
}

/** The bytes that a backend made of a data key. @throws StoreError `refused` when the text is not base64url */
export function wrappedBytes({ wrapped }: WrappedKey): Buffer {
  if (!/^[\w-]+$/.test(wrapped)) throw new StoreError('refused', 'A wrapped data key is not base64url');
  return Buffer.from(wrapped, 'base64url');
}

/** @throws StoreError `misconfigured` for the name of a key that the settings don't name: whoever can write rows must not choose it */
export function demandHeld(name: string, held: readonly string[], setting: string): void {
  if (held.includes(name)) return;
  const text = `A data key was wrapped with ${name}, which neither ${setting} nor KEY_BACKEND_PREVIOUS_KEYS names`;
  throw new StoreError('misconfigured', text);
}
