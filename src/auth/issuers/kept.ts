import { Logger } from '@nestjs/common';
import { GatewayError } from '../../http/errors.js';

/** Milliseconds. */
const FRESH = 600_000;
const USABLE = 86_400_000;
const COOLDOWN = 30_000;

/**
 * Something of an issuer that is fetched and kept. It is fetched anew when it is ten minutes old, never twice within half
 * a minute, by one caller at a time; while the issuer is silent, what is there goes on for a day.
 */
export class Kept<T> {
  readonly #log = new Logger(Kept.name);
  #value: T | undefined;
  #fetchedAt = -Infinity;
  #triedAt = -Infinity;
  #fetching: Promise<void> | undefined;

  constructor(
    private readonly what: string,
    private readonly fetched: () => Promise<T>,
  ) {}

  /** @throws GatewayError `issuer_unavailable` when there is nothing usable */
  async get(): Promise<T> {
    if (Date.now() - this.#fetchedAt >= FRESH) await this.renew();
    if (this.#value === undefined || Date.now() - this.#fetchedAt >= USABLE)
      throw new GatewayError('issuer_unavailable');
    return this.#value;
  }

  /** Fetches anew unless that was tried just now. Never rejects. */
  async renew(): Promise<void> {
    if (!this.#fetching && Date.now() - this.#triedAt >= COOLDOWN) {
      this.#triedAt = Date.now();
      this.#fetching = this.#load();
    }
    await this.#fetching;
  }

  async #load(): Promise<void> {
    try {
      this.#value = await this.fetched();
      this.#fetchedAt = Date.now();
    } catch (error) {
      this.#log.warn({ message: `${this.what} can't be fetched`, error });
    } finally {
      this.#fetching = undefined;
    }
  }
}
