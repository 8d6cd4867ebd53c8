import { randomBytes } from 'node:crypto';
import { demandDataKey, demandHeld, unwrappedDataKey, wrappedBytes } from '../data-key.js';
import { KeyBackend, type WrappedKey } from '../key-backend.js';
import { demandRoundTrip } from '../round-trip.js';
import { StoreError } from '../store-error.js';
import type { Pkcs11Session } from './pkcs11-session.js';

const SETTING = 'PKCS11_KEY_LABEL';
const NONCE_BYTES = 12;

export interface Pkcs11Key {
  /** Label. */
  readonly key: string;
  readonly previous: readonly string[];
}

/** Wraps with an AES key that never leaves its token (CKM_AES_GCM); the context is its associated data. */
export class Pkcs11Backend extends KeyBackend {
  constructor(
    private readonly session: Pkcs11Session,
    private readonly key: Pkcs11Key,
  ) {
    super();
  }

  async wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const iv = randomBytes(NONCE_BYTES);
    const job = { key: this.key.key, iv, associated: Buffer.from(context), input: demandDataKey(dataKey) };
    const bytes = Buffer.concat([iv, await this.session.encrypt(job)]);
    return { keyId: this.key.key, wrapped: bytes.toString('base64url') };
  }

  async unwrap(wrapped: WrappedKey, context: string): Promise<Buffer> {
    const { keyId } = wrapped;
    demandHeld(keyId, [this.key.key, ...this.key.previous], SETTING);
    const bytes = wrappedBytes(wrapped);
    if (bytes.length <= NONCE_BYTES) throw new StoreError('refused', 'A wrapped data key is too short');
    const [iv, input] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
    const job = { key: keyId, iv, associated: Buffer.from(context), input };
    return unwrappedDataKey(await this.session.decrypt(job));
  }

  check(): Promise<void> {
    return demandRoundTrip(this, SETTING);
  }
}
