import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { GatewayError } from '../http/errors.js';
import { AuthSettings } from './auth.settings.js';

// Hashing runs in libuv's pool of four; more at once would starve DNS and files.
const AT_ONCE = 2;
const WAITING = 50;

/** Argon2id (RFC 9106), a bounded number at a time. */
@Injectable()
export class PasswordHasher {
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(private readonly settings: AuthSettings) {}

  hash(password: string): Promise<string> {
    const { argon2TimeCost, argon2MemoryCost, argon2Parallelism } = this.settings;
    return this.#bounded(() =>
      // Argon2id is the library's default algorithm.
      hash(password, {
        timeCost: argon2TimeCost,
        memoryCost: argon2MemoryCost,
        parallelism: argon2Parallelism,
      }),
    );
  }

  verify(passwordHash: string, password: string): Promise<boolean> {
    return this.#bounded(() => verify(passwordHash, password));
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.#queue.length >= WAITING) throw new GatewayError('overloaded');
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }
}
