/**
 * Answers of clients on their way to the replica whose call waits for them. Each is taken once; one that nobody takes is
 * let go after `lifeMs`.
 */
export abstract class GivenAnswers {
  /** @throws GivenAnswersUnavailableError */
  abstract give(question: string, answer: string): Promise<void>;
  /** Undefined while there is none. */
  abstract take(question: string): Promise<string | undefined>;
}

/** The answer can't reach the call that waits for it. */
export class GivenAnswersUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the answer of a client cannot be kept', { cause });
    this.name = 'GivenAnswersUnavailableError';
  }
}
