import type { Change } from './change-bus.js';
import { MOST_CHANGES } from './replica-message.js';

/** Changes that may wait to be told. More become the one that stands for all. */
const MOST_WAITING = 1000;

/** What the other replicas have yet to be told; it keeps a change until it was sent. */
export class Outbox {
  #waiting: Change[] = [];
  #sending: Promise<boolean> | undefined;

  /** @param send rejects when it is not certain that the changes were sent; they are sent again then, which does no harm */
  constructor(private readonly send: (changes: readonly Change[]) => Promise<unknown>) {}

  get size(): number {
    return this.#waiting.length;
  }

  add(change: Change): void {
    if (this.#waiting.length >= MOST_WAITING) this.#waiting = [{ kind: 'anything_changed' }];
    this.#waiting.push(change);
  }

  /** Resolves to whether everything has been told. */
  flush(): Promise<boolean> {
    return (this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    }));
  }

  async #sendAll(): Promise<boolean> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, MOST_CHANGES);
      try {
        await this.send(batch);
      } catch {
        return false;
      }
      const sent = new Set(batch);
      this.#waiting = this.#waiting.filter((change) => !sent.has(change));
    }
    return true;
  }
}
