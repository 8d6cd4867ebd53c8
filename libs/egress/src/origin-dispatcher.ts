import { Dispatcher } from 'undici';
import type { OriginPools } from './origin-pools.js';

/** The way to one origin, to be kept by its callers: it outlives the pool behind it. */
export class OriginDispatcher extends Dispatcher {
  readonly #pools: OriginPools;
  readonly #origin: string;

  constructor(pools: OriginPools, origin: string) {
    super();
    this.#pools = pools;
    this.#origin = origin;
  }

  /** Throws an EgressError when the egress is closed or too many calls wait; every later failure goes to the handler. */
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#pools.get(this.#origin).dispatch(options, handler);
  }
}
