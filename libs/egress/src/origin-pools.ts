import { setTimeout } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { buildConnector } from 'undici';
import { BoundedPool } from './bounded-pool.js';
import { EgressError } from './egress-error.js';
import type { PeerTls } from './peer-tls.js';

const MAX_POOLS = 512;

/** Makes what connects to peers of that TLS. */
export type ConnectorOf = (tls: PeerTls | undefined) => buildConnector.connector;

/** One pool per origin and TLS, made on first use. Those unused for longest make room for others; their calls in flight still end. */
export class OriginPools {
  readonly #connectorOf: ConnectorOf;
  readonly #connections: number;
  readonly #retired = new Set<BoundedPool>();
  readonly #pools: LRUCache<string, BoundedPool>;
  #closed = false;

  constructor(connectorOf: ConnectorOf, connections: number, maxPools = MAX_POOLS) {
    this.#connectorOf = connectorOf;
    this.#connections = connections;
    this.#pools = new LRUCache({ max: maxPools, dispose: (pool) => this.#retire(pool) });
  }

  /** Throws an {@link EgressError} after {@link close}. */
  get(origin: string, tls?: PeerTls): BoundedPool {
    const key = tls ? origin + suffixOf(tls) : origin;
    return this.#pools.get(key) ?? this.#open(key, origin, tls);
  }

  /** Closes what that TLS was for, and gives calls in flight some milliseconds to end. */
  async drop(tls: PeerTls, graceMs: number): Promise<void> {
    const pools = [...this.#pools].filter(([key]) => key.endsWith(suffixOf(tls)));
    for (const [key] of pools) this.#pools.delete(key);
    await end(
      pools.map(([, pool]) => pool),
      graceMs,
      new EgressError('aborted', 'The server is not trusted in this way any more'),
    );
  }

  /** Refuses new calls, and gives those in flight some milliseconds to end. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    this.#pools.clear();
    await end([...this.#retired], graceMs, new EgressError('aborted', 'The gateway is shutting down'));
  }

  #open(key: string, origin: string, tls: PeerTls | undefined): BoundedPool {
    if (this.#closed) throw new EgressError('aborted', 'The gateway is shutting down');
    const pool = new BoundedPool(origin, {
      connect: this.#connectorOf(tls),
      connections: this.#connections,
      pipelining: 1,
      // A tool may think for long: whoever calls sets its own limits.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#pools.set(key, pool);
    return pool;
  }

  #retire(pool: BoundedPool): void {
    this.#retired.add(pool);
    const forget = (): boolean => this.#retired.delete(pool);
    pool.close().then(forget, forget);
  }
}

const suffixOf = ({ id }: PeerTls): string => ` ${id}`;

async function end(pools: readonly BoundedPool[], graceMs: number, reason: EgressError): Promise<void> {
  const ended = Promise.allSettled(pools.map((pool) => pool.close()));
  await Promise.race([ended, setTimeout(graceMs, undefined, { ref: false })]);
  await Promise.allSettled(pools.map((pool) => pool.destroy(reason)));
}
