import { StoreError } from '../../../vault/backends/store-error.js';
import type { RemoteAlgorithm } from './remote-key.settings.js';

/** Bytes of r, and of s. */
const HALF: Partial<Record<RemoteAlgorithm, number>> = { ES256: 32, ES384: 48 };

/**
 * A signature as JWS wants it (RFC 7518, 3.4). For ECDSA some stores give `SEQUENCE { INTEGER r, INTEGER s }` in DER
 * (RFC 3279, 2.2.3), for which Node has a verifier and no converter; what comes out is verified before it is used.
 * @throws StoreError `invalid_answer`
 */
export function jwsSignature(algorithm: RemoteAlgorithm, signature: Buffer): Buffer {
  const half = HALF[algorithm];
  if (half === undefined) return signature;
  // With at most 2 × 48 bytes of integers every length is one byte.
  const [sequence, total] = signature;
  const r = integerAt(signature, 2, half);
  const s = integerAt(signature, r.end, half);
  if (sequence !== 0x30 || total !== signature.length - 2 || s.end !== signature.length) throw unreadable();
  return Buffer.concat([r.bytes, s.bytes]);
}

function integerAt(der: Buffer, at: number, size: number): { readonly bytes: Buffer; readonly end: number } {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== 0x02 || length === 0 || length > size + 1 || end > der.length) throw unreadable();
  const digits = der.subarray(at + 2, end);
  // A first bit of 1 would be a minus, so a zero stands before it.
  const magnitude = length > size ? digits.subarray(1) : digits;
  if (length > size && digits[0] !== 0) throw unreadable();
  return { bytes: Buffer.concat([Buffer.alloc(size - magnitude.length), magnitude]), end };
}

const unreadable = (): StoreError =>
  new StoreError('invalid_answer', 'The store gave a signature that is no ECDSA one');
