import { Logger } from '@nestjs/common';
import { SealError } from '#libs/sealing';
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '../../http/errors.js';
import { KeyBackend, type WrappedKey } from '../backends/key-backend.js';
import { within } from './within.js';

const ATTEMPTS = 3;
const BACKOFF_MS = 100;
/** How long a backend that did not answer is left alone, milliseconds: meanwhile everybody is refused at once. */
const REST_MS = 1000;

/** What the backend did when it was last asked. */
export interface BackendHealth {
  readonly up: boolean;
  readonly since: Date;
  /** For administrators. */
  readonly fault?: string;
}

/** Asks a backend a few times, for no longer than it may take, and leaves it alone for a moment when it is down. */
export class SteadyBackend extends KeyBackend {
  readonly #log = new Logger(SteadyBackend.name);
  #health: BackendHealth | undefined;
  #restUntil = -Infinity;

  /** @param timeoutMs of each attempt */
  constructor(
    readonly name: string,
    private readonly backend: KeyBackend,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  /** Undefined before it was asked anything. */
  get health(): BackendHealth | undefined {
    return this.#health;
  }

  /** @throws GatewayError `keys_unavailable` */
  override wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    return this.#ask(() => this.backend.wrap(dataKey, context));
  }

  /** @throws GatewayError `keys_unavailable`; SealError when the local backend holds no such key */
  override unwrap(key: WrappedKey, context: string): Promise<Buffer> {
    return this.#ask(() => this.backend.unwrap(key, context));
  }

  /** @throws GatewayError `keys_unavailable` */
  override check(): Promise<void> {
    return this.#ask(() => this.backend.check());
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#restUntil) throw unavailable();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await within(this.timeoutMs, question());
        this.#note({ up: true, since: new Date() });
        return answer;
      } catch (error) {
        // It answered: the value is not one of its own.
        if (error instanceof SealError) throw error;
        if (attempt === ATTEMPTS) throw this.#down(error);
      }
      await pause(BACKOFF_MS * 2 ** attempt + randomInt(BACKOFF_MS));
    }
  }

  #down(cause: unknown): GatewayError {
    this.#restUntil = performance.now() + REST_MS;
    const fault = cause instanceof Error ? cause.message : 'unknown';
    this.#note({ up: false, since: new Date(), fault });
    return Object.assign(unavailable(), { cause });
  }

  #note(health: BackendHealth): void {
    if (this.#health?.up === health.up) return;
    // Of one that was never down, nobody needs to hear that it is up.
    if (!health.up)
      this.#log.error({ message: 'the key backend cannot be used', backend: this.name, fault: health.fault });
    else if (this.#health) this.#log.log({ message: 'the key backend can be used again', backend: this.name });
    this.#health = health;
  }
}

const unavailable = (): GatewayError => new GatewayError('keys_unavailable', undefined, undefined, REST_MS / 1000);
