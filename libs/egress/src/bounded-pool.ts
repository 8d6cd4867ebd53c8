import { type Dispatcher, Pool } from 'undici';
import { EgressError } from './egress-error.js';

/** How many calls may wait for each connection of a full pool. */
const WAITING_PER_CONNECTION = 16;

/** A pool whose queue has an end. */
export class BoundedPool extends Pool {
  readonly #host: string;
  readonly #maxWaiting: number;
  #full = false;

  constructor(origin: string, options: Pool.Options & { readonly connections: number }) {
    super(origin, options);
    this.#host = new URL(origin).hostname;
    this.#maxWaiting = options.connections * WAITING_PER_CONNECTION;
  }

  /** Throws an {@link EgressError} when too many calls wait already. */
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    // Counting walks over all connections, so it is done only while there is a queue.
    if (this.#full && this.stats.queued >= this.#maxWaiting) {
      throw new EgressError('busy', `Too many calls wait for a connection to ${this.#host}`);
    }
    const free = super.dispatch(options, handler);
    this.#full = !free;
    return free;
  }
}
