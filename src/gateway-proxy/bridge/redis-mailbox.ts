import type { Sealer } from '#libs/sealing';
import type { Redis } from 'ioredis';
import { GivenAnswers, GivenAnswersUnavailableError } from './given-answers.js';

/** For all replicas. Answers are sealed: people are asked for things that are nobody else's business. */
export class RedisGivenAnswers extends GivenAnswers {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly lifeMs: number,
    private readonly sealer: Sealer,
  ) {
    super();
  }

  async give(question: string, answer: string): Promise<void> {
    try {
      await this.redis.set(this.#keyOf(question), this.sealer.seal(answer, [question]), 'PX', this.lifeMs);
    } catch (error) {
      throw new GivenAnswersUnavailableError(error);
    }
  }

  async take(question: string): Promise<string | undefined> {
    try {
      const sealed = await this.redis.getdel(this.#keyOf(question));
      return sealed === null ? undefined : this.sealer.open(sealed, [question]).toString('utf8');
    } catch (error) {
      throw new GivenAnswersUnavailableError(error);
    }
  }

  #keyOf(question: string): string {
    return `${this.prefix}mcp-answer:${question}`;
  }
}
