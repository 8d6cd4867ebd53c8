import { LRUCache } from 'lru-cache';
import { Mailbox } from './mailbox.js';

/** Of all messages that wait, bytes. */
const ALL_BYTES = 64 * 1024 * 1024;

/** For one process. */
export class MemoryMailbox extends Mailbox {
  readonly #messages: LRUCache<string, string>;

  constructor(lifeMs: number) {
    super();
    const sizeCalculation = (message: string): number => Buffer.byteLength(message) + 1;
    this.#messages = new LRUCache({ maxSize: ALL_BYTES, ttl: lifeMs, sizeCalculation });
  }

  async put(address: string, message: string): Promise<void> {
    this.#messages.set(address, message);
  }

  async take(address: string): Promise<string | undefined> {
    const message = this.#messages.get(address);
    this.#messages.delete(address);
    return message;
  }
}
