import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { ChangeBus } from '../../changes/change-bus.js';
import { Counters, CountersUnavailableError } from '../../limits/counters.js';
import { GatewayRefresh } from '../../registry/gateways/gateway-refresh.js';

/** Between the beginnings of two crawls of one upstream; after some that followed at once, twice as long with each. */
const FIRST_PAUSE_MS = 150;
const AT_THIS_PACE = 5;
const LONGEST_PAUSE_MS = 30_000;
/** How long a replica that crawls keeps the others from doing so. */
const LEASE_MS = 30_000;
/** How long the others wait for what it finds. */
const PATIENCE_MS = 5_000;

/** Crawls upstreams that say that they offer something else: one crawl at a time each, by one replica. */
@Injectable()
export class CatalogueCrawls implements BeforeApplicationShutdown {
  readonly #log = new Logger(CatalogueCrawls.name);
  readonly #stop = new AbortController();
  /** Those at work; true when one has changed since its crawl began. */
  readonly #dirty = new Map<string, boolean>();
  readonly #running = new Set<Promise<void>>();
  #registryChanges = 0;

  constructor(
    private readonly refresh: GatewayRefresh,
    private readonly counters: Counters,
    bus: ChangeBus,
  ) {
    bus.subscribe(({ kind }) => {
      if (kind === 'registry_changed' || kind === 'anything_changed') this.#registryChanges += 1;
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await Promise.race([Promise.all(this.#running), pause(1000, undefined, { ref: false })]);
  }

  /** The upstream offers something else, or may. */
  changed(gatewayId: string): void {
    const atWork = this.#dirty.has(gatewayId);
    this.#dirty.set(gatewayId, true);
    if (atWork || this.#stop.signal.aborted) return;
    const run = this.#run(gatewayId).finally(() => {
      this.#dirty.delete(gatewayId);
      this.#running.delete(run);
    });
    this.#running.add(run);
  }

  /** A crawl for every change, those together that come meanwhile. Never rejects. */
  async #run(id: string): Promise<void> {
    for (let crawls = 0; this.#dirty.get(id) === true; crawls += 1) {
      this.#dirty.set(id, false);
      const until =
        performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, crawls - AT_THIS_PACE), LONGEST_PAUSE_MS);
      await this.#crawl(id);
      await this.#pause(until - performance.now());
      if (this.#stop.signal.aborted) return;
    }
  }

  async #crawl(gatewayId: string): Promise<void> {
    try {
      if (!(await this.#isOurs(gatewayId))) return;
      try {
        await this.refresh.follow(gatewayId);
      } finally {
        await this.counters.clear(keyOf(gatewayId)).catch(() => undefined);
      }
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#log.warn({ message: 'an upstream that changed cannot be crawled; it is tried again', gatewayId, error });
      this.#dirty.set(gatewayId, true);
    }
  }

  /**
   * Whether this replica crawls. Every replica hears the same; the one that crawls hears what changes meanwhile itself. The
   * others come back when it does not tell of a result.
   */
  async #isOurs(id: string): Promise<boolean> {
    const before = this.#registryChanges;
    try {
      const { allowed } = await this.counters.take(keyOf(id), 1, LEASE_MS);
      if (allowed) return true;
    } catch (error) {
      if (error instanceof CountersUnavailableError) return true;
      throw error;
    }
    await this.#pause(PATIENCE_MS * (0.5 + Math.random()));
    if (this.#registryChanges === before) this.#dirty.set(id, true);
    return false;
  }

  async #pause(milliseconds: number): Promise<void> {
    const options = { ref: false, signal: this.#stop.signal };
    if (milliseconds > 0) await pause(milliseconds, undefined, options).catch(() => undefined);
  }
}

const keyOf = (gatewayId: string): string => `crawl:${gatewayId}`;
