import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { buildConnector } from 'undici';
import { BoundedPool } from './bounded-pool.js';
import { EgressError } from './egress-error.js';

const MAX_POOLS = 512;

/** One pool per origin, made on first use. Those unused for longest make room for others; their calls in flight still end. */
export class OriginPools {
  readonly #connect: buildConnector.connector;
  readonly #connections: number;
  readonly #retired = new Set<BoundedPool>();
  readonly #pools: LRUCache<string, BoundedPool>;
  #closed = false;

  constructor(connect: buildConnector.connector, connections: number, maxPools = MAX_POOLS) {
    this.#connect = connect;
    this.#connections = connections;
    this.#pools = new LRUCache({ max: maxPools, dispose: (pool) => this.#retire(pool) });
  }

  /** Throws an {@link EgressError} after {@link close}. */
  get(origin: string): BoundedPool {
    return this.#pools.get(origin) ?? this.#open(origin);
  }

  /** Refuses new calls, and gives those in flight some milliseconds to end. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    this.#pools.clear();
    const closing = [...this.#retired];
    const ended = Promise.allSettled(closing.map((pool) => pool.close()));
    await Promise.race([ended, setTimeout(graceMs, undefined, { ref: false })]);
    const reason = new EgressError('aborted', 'The gateway is shutting down');
    await Promise.allSettled(closing.map((pool) => pool.destroy(reason)));
  }

  #open(origin: string): BoundedPool {
    if (this.#closed) throw new EgressError('aborted', 'The gateway is shutting down');
    const pool = new BoundedPool(origin, {
      connect: this.#connect,
      connections: this.#connections,
      pipelining: 1,
      // A tool may think for long: whoever calls sets its own limits.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#pools.set(origin, pool);
    return pool;
  }

  #retire(pool: BoundedPool): void {
    this.#retired.add(pool);
    const forget = (): boolean => this.#retired.delete(pool);
    pool.close().then(forget, forget);
  }
}
