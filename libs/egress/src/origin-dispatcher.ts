import { Dispatcher } from 'undici';
import type { OriginPools } from './origin-pools.js';
import type { PeerTls } from './peer-tls.js';

/** The way to one origin, to be kept by its callers: it outlives the pool behind it. */
export class OriginDispatcher extends Dispatcher {
  readonly #pools: OriginPools;
  readonly #origin: string;
  readonly #tls: PeerTls | undefined;

  constructor(pools: OriginPools, origin: string, tls?: PeerTls) {
    super();
    this.#pools = pools;
    this.#origin = origin;
    this.#tls = tls;
  }

  /** Throws an EgressError when the egress is closed or too many calls wait; every later failure goes to the handler. */
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#pools.get(this.#origin, this.#tls).dispatch(options, handler);
  }
}
