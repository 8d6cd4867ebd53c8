import { LRUCache } from 'lru-cache';
import { GivenAnswers } from './given-answers.js';

/** Of all answers that wait, bytes. */
const ALL_BYTES = 64 * 1024 * 1024;

/** For one process. */
export class MemoryGivenAnswers extends GivenAnswers {
  readonly #given: LRUCache<string, string>;

  constructor(lifeMs: number) {
    super();
    const sizeCalculation = (answer: string): number => Buffer.byteLength(answer) + 1;
    this.#given = new LRUCache({ maxSize: ALL_BYTES, ttl: lifeMs, sizeCalculation });
  }

  async give(question: string, answer: string): Promise<void> {
    this.#given.set(question, answer);
  }

  async take(question: string): Promise<string | undefined> {
    const answer = this.#given.get(question);
    this.#given.delete(question);
    return answer;
  }
}
