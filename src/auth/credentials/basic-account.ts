import { Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import { CredentialSettings } from './credential.settings.js';

/** Much longer than any pair that could match. */
const LONGEST = 4096;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The one account of HTTP Basic (RFC 7617). */
@Injectable()
export class BasicAccount {
  readonly #user: Buffer;
  /** Absent where Basic is off. */
  readonly #password: Buffer | undefined;

  constructor({ basicUser, basicPassword }: CredentialSettings) {
    this.#user = digest(Buffer.from(basicUser));
    this.#password = basicPassword && digest(Buffer.from(basicPassword.reveal()));
  }

  /** @param encoded what follows the scheme */
  matches(encoded: string): boolean {
    if (!this.#password || encoded.length > LONGEST || !BASE64.test(encoded)) return false;
    const pair = Buffer.from(encoded, 'base64');
    const colon = pair.indexOf(':');
    if (colon === -1) return false;
    // Both are always compared, as hashes of one length: how long it takes tells neither.
    const user = timingSafeEqual(digest(pair.subarray(0, colon)), this.#user);
    const password = timingSafeEqual(digest(pair.subarray(colon + 1)), this.#password);
    return user && password;
  }
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
