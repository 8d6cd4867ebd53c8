import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { AuthSettings } from '../auth.settings.js';
import { Turnstile } from './turnstile.js';

// Hashing runs in libuv's pool of four; more at once would starve DNS and files.
const AT_ONCE = 2;
const WAITING = 50;

/** Argon2id (RFC 9106), a bounded number at a time. */
@Injectable()
export class PasswordHasher {
  readonly #turnstile = new Turnstile(AT_ONCE, WAITING);

  constructor(private readonly settings: AuthSettings) {}

  /** @returns a PHC string */
  hash(password: string): Promise<string> {
    const { argon2TimeCost, argon2MemoryCost, argon2Parallelism } = this.settings;
    return this.#turnstile.pass(() =>
      // Argon2id is the library's default algorithm.
      hash(normalised(password), {
        timeCost: argon2TimeCost,
        memoryCost: argon2MemoryCost,
        parallelism: argon2Parallelism,
      }),
    );
  }

  /** Rejects when `passwordHash` is not a PHC string. */
  verify(passwordHash: string, password: string): Promise<boolean> {
    return this.#turnstile.pass(() => verify(passwordHash, normalised(password)));
  }

  /** Whether a hash was made with other costs than those of the settings, so that the next sign-in should make it anew. */
  needsRehash(passwordHash: string): boolean {
    const { argon2TimeCost, argon2MemoryCost, argon2Parallelism } = this.settings;
    return !passwordHash.startsWith(`$argon2id$v=19$m=${argon2MemoryCost},t=${argon2TimeCost},p=${argon2Parallelism}$`);
  }
}

/**
 * One keyboard composes an accent that another writes apart (RFC 8265, section 4.2). Not NFKC: that would make different
 * passwords equal, and hashes that exist would no longer match.
 */
const normalised = (password: string): string => password.normalize('NFC');
