import { LRUCache } from 'lru-cache';
import { Mailbox } from './mailbox.js';

/** Of all messages that wait, bytes. */
const ALL_BYTES = 64 * 1024 * 1024;

/** For one process. */
export class MemoryMailbox extends Mailbox {
  readonly #messages: LRUCache<string, string>;

  /** @param lifeMs for how long messages are kept of which nothing else is said, milliseconds */
  constructor(private readonly lifeMs: number) {
    super();
    const sizeCalculation = (message: string): number => Buffer.byteLength(message) + 1;
    this.#messages = new LRUCache({ maxSize: ALL_BYTES, ttl: lifeMs, sizeCalculation });
  }

  async put(address: string, message: string, ttl = this.lifeMs): Promise<void> {
    this.#messages.set(address, message, { ttl });
  }

  async take(address: string): Promise<string | undefined> {
    const message = this.#messages.get(address);
    this.#messages.delete(address);
    return message;
  }
}
