import type { StandaloneStream } from '../sessions/standalone-streams.js';
import { MOST_WAITING } from './stream-queues.js';

/** A stream that is written to from many calls: one message after the other, no faster than the client reads. */
export class PacedStream {
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(private readonly stream: StandaloneStream) {}

  /** Settles when the client is being sent the event; false when it has left, or lets too much wait. */
  async pass(frame: Buffer): Promise<boolean> {
    if (this.#waiting > MOST_WAITING) this.stream.answer.break();
    if (this.#closed || this.#waiting > MOST_WAITING) return false;
    this.#waiting += frame.length;
    this.#turn = this.#passAfter(this.#turn, frame);
    await this.#turn;
    return !this.#closed;
  }

  async #passAfter(before: Promise<void>, frame: Buffer): Promise<void> {
    await before;
    await this.stream.ready();
    this.#waiting -= frame.length;
    if (!this.#closed) this.stream.pass(frame);
  }

  close(): void {
    this.#closed = true;
  }
}
