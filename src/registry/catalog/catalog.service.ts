import { Injectable, Logger, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { ChangeBus } from '../../changes/change-bus.js';
import { buildCatalog } from './build-catalog.js';
import { CatalogSource } from './catalog-source.js';
import { type Catalog, CatalogReader } from './catalog.js';
import type { Collision } from './server-views.js';

/** Keeps the catalogue of now: built at start, built anew after each change, swapped whole. */
@Injectable()
export class CatalogService extends CatalogReader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(CatalogService.name);
  readonly #reported = new Set<string>();
  #current: Catalog | undefined;
  /** How many changes were announced, and how many of them the current catalogue has. */
  #announced = 0;
  #served = 0;
  #rebuilding: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly source: CatalogSource,
    bus: ChangeBus,
  ) {
    super();
    bus.subscribe(({ kind }) => {
      if (kind === 'registry_changed' || kind === 'anything_changed') this.#announce();
    });
  }

  get current(): Catalog {
    if (!this.#current) throw new Error('The catalogue is read before it is loaded');
    return this.#current;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#announced += 1;
    await this.refreshed();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#rebuilding?.catch(() => undefined);
  }

  /** Settles when the catalogue has every change that was announced before the call; rejects when it can't be built. */
  async refreshed(): Promise<void> {
    const wanted = this.#announced;
    while (this.#served < wanted && this.#behind) await this.#startRebuilding();
  }

  get #behind(): boolean {
    return this.#served < this.#announced && !this.#stopped;
  }

  #announce(): void {
    this.#announced += 1;
    // Its failure is logged and tried again; those who wait for the change hear of it themselves.
    this.#startRebuilding().catch(() => undefined);
  }

  /** One at a time: what is announced meanwhile is picked up together by the next. */
  #startRebuilding(): Promise<void> {
    if (this.#behind) this.#rebuilding ??= this.#catchUp();
    return this.#rebuilding ?? Promise.resolve();
  }

  async #catchUp(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      while (this.#behind) await this.#rebuild();
    } catch (error) {
      this.#log.error({ message: 'the catalogue cannot be built; the one before is served on', error });
      this.#retry = setTimeout(() => void this.#startRebuilding().catch(() => undefined), RETRY_MS).unref();
      throw error;
    } finally {
      // Not in a callback of the promise: a change announced before that ran would be overlooked.
      this.#rebuilding = undefined;
    }
  }

  async #rebuild(): Promise<void> {
    const having = this.#announced;
    const parts = await this.source.load();
    const { catalog, collisions } = buildCatalog(parts, (this.#current?.version ?? 0) + 1);
    this.#current = catalog;
    this.#served = having;
    for (const collision of collisions) this.#report(collision);
  }

  #report(collision: Collision): void {
    const key = `${collision.serverId} ${collision.hidden}`;
    if (this.#reported.has(key) || this.#reported.size >= MOST_REPORTED) return;
    this.#reported.add(key);
    this.#log.warn({ message: 'two items have one name; the older one is served', ...collision });
  }
}

const RETRY_MS = 1_000;
const MOST_REPORTED = 10_000;
