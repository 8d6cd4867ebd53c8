import { GatewayError } from '../../http/errors.js';

/** Lets work through a few at a time; the others wait in line, and whoever finds the line full is refused. */
export class Turnstile {
  readonly #line: (() => void)[] = [];
  #inside = 0;

  /**
   * @param atOnce how many run at the same time
   * @param waiting how many may wait for their turn
   */
  constructor(
    private readonly atOnce: number,
    private readonly waiting: number,
  ) {}

  /** @throws GatewayError 503 when the line is full */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.atOnce) this.#inside += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      // The place goes from one to the next: nobody who comes in between can take it as well.
      const next = this.#line.shift();
      if (next) next();
      else this.#inside -= 1;
    }
  }

  #turn(): Promise<void> {
    if (this.#line.length >= this.waiting) throw new GatewayError('overloaded');
    return new Promise((resolve) => this.#line.push(resolve));
  }
}
