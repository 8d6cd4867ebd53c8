import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { SealError } from '#libs/sealing';
import { base64urlBytes } from './base64url-bytes.js';

const VERSION = 0x80;
const BLOCK = 16;
const MAC_BYTES = 32;
/** Version, time stamp and initialisation vector. */
const HEAD_BYTES = 1 + 8 + BLOCK;

/**
 * Opens a Fernet token: AES-128-CBC, then HMAC-SHA-256 over everything before it. How old it is does not matter.
 * @param key 32 bytes: the first half signs, the second one encrypts
 * @throws SealError
 */
export function openFernet(token: string, key: Buffer): string {
  const bytes = base64urlBytes(token);
  const end = bytes.length - MAC_BYTES;
  const encrypted = end - HEAD_BYTES;
  if (bytes[0] !== VERSION || encrypted < BLOCK || encrypted % BLOCK !== 0) throw new SealError('malformed');
  const mac = createHmac('sha256', key.subarray(0, BLOCK)).update(bytes.subarray(0, end)).digest();
  if (!timingSafeEqual(mac, bytes.subarray(end))) throw new SealError('not_authentic');
  const decipher = createDecipheriv('aes-128-cbc', key.subarray(BLOCK), bytes.subarray(HEAD_BYTES - BLOCK, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES, end)), decipher.final()]).toString('utf8');
  } catch {
    throw new SealError('malformed');
  }
}
