import { KeyRing, SealedHandles } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { VaultSettings } from '../../vault/vault.settings.js';

const AUDIENCE = ['dpop-nonce'];
/** Milliseconds. */
const LIFE = 300_000;
const RENEWED = 60_000;

/** The nonces of DPoP (RFC 9449 section 9): each says itself until when it is good, on every replica. */
@Injectable()
export class DpopNonces {
  readonly #handles: SealedHandles<true>;
  #current = '';
  #renewAt = -Infinity;

  constructor({ encryptionSecret }: VaultSettings) {
    this.#handles = new SealedHandles(KeyRing.fromSecret(encryptionSecret.reveal(), 'dpop-nonce'));
  }

  /** A new one every minute, good for five. */
  get current(): string {
    const now = Date.now();
    if (now >= this.#renewAt) {
      this.#current = this.#handles.mint(true, AUDIENCE, new Date(now + LIFE));
      this.#renewAt = now + RENEWED;
    }
    return this.#current;
  }

  accepts(nonce: unknown): boolean {
    return typeof nonce === 'string' && this.#handles.read(nonce, AUDIENCE, new Date()) === true;
  }
}
