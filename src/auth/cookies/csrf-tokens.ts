import { Injectable } from '@nestjs/common';
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { VaultSettings } from '../../vault/vault.settings.js';

/** How long a token is made, and how long its cookie lives; it is taken for up to twice as long, seconds. */
export const CSRF_TOKEN_SECONDS = 3600;

/** What a CSRF token belongs to: nobody else's and no other sign-in's is taken. */
export interface CsrfOwner {
  readonly userId: string;
  readonly jti: string;
}

/** CSRF tokens: nothing is stored, they are computed again. */
@Injectable()
export class CsrfTokens {
  readonly #key: KeyObject;

  constructor(settings: VaultSettings) {
    const secret = settings.encryptionSecret.reveal();
    this.#key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'portcullis/hmac-sha256/csrf', 32)));
  }

  issue(owner: CsrfOwner): string {
    return this.#at(owner, bucket());
  }

  /** Takes those of this bucket of time and of the one before; costs the same whether one fits or not. */
  verify(token: string, owner: CsrfOwner): boolean {
    const now = bucket();
    const fits = [now, now - 1].map((at) => sameText(token, this.#at(owner, at)));
    return fits.includes(true);
  }

  #at({ userId, jti }: CsrfOwner, at: number): string {
    return createHmac('sha256', this.#key).update(`${userId}:${jti}:${at}`).digest('hex');
  }
}

/** In constant time, but for the length. */
export function sameText(given: string, known: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(known)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const bucket = (): number => Math.floor(Date.now() / (CSRF_TOKEN_SECONDS * 1000));
