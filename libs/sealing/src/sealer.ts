import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { associatedData } from './associated-data.js';
import type { KeyRing } from './key-ring.js';
import { SealError } from './seal-error.js';

const VERSION = 'pc1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD = /^pc1\.([0-9a-f]{32}|[0-9a-f]{8})\./;

/**
 * Seals values as `pc1.<key id>.<base64url(nonce | ciphertext | tag)>`. The context (say table, row, column) is bound into
 * the tag, so a value opens only where it was sealed. Random nonces: keep one key below 2^32 values.
 */
export class Sealer {
  readonly #keys: KeyRing;
  readonly #current: KeyObject;

  constructor(keys: KeyRing) {
    const current = keys.find(keys.currentId);
    if (!current) throw new RangeError('The key ring lacks its current key');
    this.#keys = keys;
    this.#current = current;
  }

  seal(plaintext: string | Buffer, context: readonly string[]): string {
    const id = this.#keys.currentId;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#current, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(associatedData([VERSION, id, ...context]));
    const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
    const bytes = Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
    return `${VERSION}.${id}.${bytes.toString('base64url')}`;
  }

  /** Throws {@link SealError}, and nothing else, when the text is not a value that this ring sealed for this context. */
  open(sealed: string, context: readonly string[]): Buffer {
    const { id, bytes } = parse(sealed);
    const key = this.#keys.find(id);
    if (!key) throw new SealError('unknown_key');
    const end = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData([VERSION, id, ...context]));
    decipher.setAuthTag(bytes.subarray(end));
    const plaintext = decipher.update(bytes.subarray(NONCE_BYTES, end));
    try {
      decipher.final();
    } catch {
      throw new SealError('not_authentic');
    }
    return plaintext;
  }

  /** Whether the value names the current key; if not, a re-seal job should open it and seal it again. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${VERSION}.${this.#keys.currentId}.`);
  }
}

/** The id of the key that a value was sealed with. @throws SealError for what is no sealed value */
export const sealedWith = (sealed: string): string => parse(sealed).id;

function parse(sealed: string): { readonly id: string; readonly bytes: Buffer } {
  const [head, id] = HEAD.exec(sealed) ?? [];
  if (head === undefined || id === undefined) throw new SealError('malformed');
  // No pattern looks at the rest: over a megabyte of it can be more than V8's stack for patterns holds.
  const text = sealed.slice(head.length);
  const bytes = Buffer.from(text, 'base64url');
  // What is no letter of base64url is passed over, and it has spare bits: only the one canonical spelling counts, so that a value has no second form.
  if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) throw new SealError('malformed');
  return { id, bytes };
}
