import { LRUCache } from 'lru-cache';
import { StreamQueues, MOST_WAITING } from './stream-queues.js';

const MOST = 100_000;

interface Queue {
  messages: Buffer[];
  bytes: number;
}

/** For one process, which has every stream itself. */
export class MemoryStreamQueues extends StreamQueues {
  readonly #boxes: LRUCache<string, Queue>;

  constructor(lifeMs: number) {
    super();
    this.#boxes = new LRUCache({ max: MOST, ttl: lifeMs });
  }

  async keep(id: string): Promise<void> {
    this.#boxes.set(id, this.#boxes.get(id) ?? { messages: [], bytes: 0 });
  }

  async isKept(id: string): Promise<boolean> {
    return this.#boxes.has(id);
  }

  async put(id: string, message: Buffer): Promise<boolean> {
    const box = this.#boxes.get(id);
    if (!box || box.bytes > MOST_WAITING) return false;
    box.messages.push(message);
    box.bytes += message.length;
    return true;
  }

  async take(id: string): Promise<readonly Buffer[]> {
    const box = this.#boxes.get(id);
    if (box) box.bytes = 0;
    return box?.messages.splice(0) ?? [];
  }

  async close(id: string): Promise<void> {
    this.#boxes.delete(id);
  }
}
