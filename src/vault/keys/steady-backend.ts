import { Logger } from '@nestjs/common';
import { SealError } from '#libs/sealing';
import { GatewayError } from '../../http/errors.js';
import { KeyBackend, type WrappedKey } from '../backends/key-backend.js';
import { within } from './within.js';

/** How long a backend that did not answer is left alone, milliseconds: meanwhile everybody is refused at once. */
const REST_MS = 1000;

/** Asks a backend for no longer than it may take, and leaves it alone for a moment when it is down. What may pass it tries again by itself. */
export class SteadyBackend extends KeyBackend {
  readonly #log = new Logger(SteadyBackend.name);
  #up = true;
  #restUntil = -Infinity;
  #cause: unknown;

  /** @param timeoutMs of an answer, with all that the backend tries for it */
  constructor(
    readonly name: string,
    private readonly backend: KeyBackend,
    private readonly timeoutMs: number,
  ) {
    super();
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
    if (performance.now() < this.#restUntil) throw unavailable(this.#cause);
    try {
      const answer = await within(this.timeoutMs, question());
      this.#note(true);
      return answer;
    } catch (error) {
      // It answered: the value is not one of its own.
      throw error instanceof SealError ? error : this.#down(error);
    }
  }

  #down(cause: unknown): GatewayError {
    this.#restUntil = performance.now() + REST_MS;
    this.#cause = cause;
    this.#note(false, cause instanceof Error ? cause.message : 'unknown');
    return unavailable(cause);
  }

  #note(up: boolean, fault?: string): void {
    if (this.#up === up) return;
    this.#up = up;
    const { name: backend } = this;
    if (up) this.#log.log({ message: 'the key backend can be used again', backend });
    else this.#log.error({ message: 'the key backend cannot be used', backend, fault });
  }
}

const unavailable = (cause: unknown): GatewayError =>
  Object.assign(new GatewayError('keys_unavailable', undefined, undefined, REST_MS / 1000), { cause });
