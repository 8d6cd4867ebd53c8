import { hashRaw } from '@node-rs/argon2';
import { isJsonObject, parseBounded } from '#libs/mcp';
import { SealError } from '#libs/sealing';
import { createDecipheriv, createHash } from 'node:crypto';
import { base64urlBytes } from './base64url-bytes.js';
import { openFernet } from './fernet-token.js';

/** Longest value that is looked at, characters. */
const LONGEST = 262_144;
const DEEPEST = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'v2:';
const KEY_BYTES = 32;
/** What Argon2id may cost, whatever a value says: passes, KiB, lanes. */
const MOST = { t: 10, m: 262_144, p: 16 } as const;
const SALT = { least: 8, most: 64 } as const;

/**
 * Reads what another gateway stored with its AUTH_ENCRYPTION_SECRET. Nothing is ever written so: neither form says where it
 * belongs. Nothing calls it yet: it waits for the import of that gateway's exports, which alone has rows to put secrets into.
 */
export class ImportedSecrets {
  readonly #secret: string;
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#secret = secret;
    this.#key = createHash('sha256').update(secret, 'utf8').digest();
  }

  /**
   * A credential of an upstream: AES-256-GCM under the SHA-256 of the secret, nonce | ciphertext | tag in base64url.
   * @returns the headers
   * @throws SealError
   */
  openHeaders(blob: string): Readonly<Record<string, string>> {
    const bytes = base64urlBytes(bounded(blob));
    const end = bytes.length - TAG_BYTES;
    if (end < NONCE_BYTES) throw new SealError('malformed');
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES), options);
    decipher.setAuthTag(bytes.subarray(end));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, end));
    try {
      decipher.final();
    } catch {
      throw new SealError('not_authentic');
    }
    const headers = objectIn(text);
    if (!isRecordOfText(headers)) throw new SealError('malformed');
    return headers;
  }

  /**
   * A secret of OAuth or SSO: `{kdf: "argon2id", t, m, p, salt, token}`, with `v2:` before it or not; the token is a Fernet token.
   * @throws SealError
   */
  async openSecret(bundle: string): Promise<string> {
    const text = bounded(bundle);
    const { kdf, t, m, p, salt, token } = objectIn(
      Buffer.from(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text),
    );
    if (kdf !== 'argon2id' || typeof salt !== 'string' || typeof token !== 'string') throw new SealError('malformed');
    if (!isWithin(t, MOST.t) || !isWithin(m, MOST.m) || !isWithin(p, MOST.p) || m < 8 * p)
      throw new SealError('malformed');
    // Standard base64 there, and URL-safe in what follows.
    const saltBytes = base64urlBytes(salt.replaceAll('+', '-').replaceAll('/', '_'));
    if (saltBytes.length < SALT.least || saltBytes.length > SALT.most) throw new SealError('malformed');
    // Argon2id, unless told otherwise.
    const key = await hashRaw(this.#secret, {
      timeCost: t,
      memoryCost: m,
      parallelism: p,
      salt: saltBytes,
      outputLen: KEY_BYTES,
    });
    return openFernet(token, key);
  }
}

function bounded(text: string): string {
  if (text.length > LONGEST) throw new SealError('malformed');
  return text;
}

function objectIn(text: Buffer): Readonly<Record<string, unknown>> {
  const json = parseBounded(text, DEEPEST);
  if (typeof json === 'string' || !isJsonObject(json.value)) throw new SealError('malformed');
  return json.value;
}

const isRecordOfText = (value: Readonly<Record<string, unknown>>): value is Readonly<Record<string, string>> =>
  Object.values(value).every((member) => typeof member === 'string');
const isWithin = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
