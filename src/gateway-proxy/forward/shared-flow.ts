import type { FlowControl } from './streamed-answer.js';

/** A flow that several hold back, and that goes on when none of them does any more. */
export class SharedFlow {
  readonly #holding = new Set<FlowControl>();

  constructor(private readonly flow: FlowControl) {}

  /** For one of them. */
  share(): FlowControl {
    const own: FlowControl = {
      pause: () => {
        if (this.#holding.size === 0) this.flow.pause();
        this.#holding.add(own);
      },
      resume: () => {
        if (this.#holding.delete(own) && this.#holding.size === 0) this.flow.resume();
      },
      answered: () => this.flow.answered(),
    };
    return own;
  }
}
