import { Injectable, Logger, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { CatchingUp } from '../../changes/catching-up.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { buildCatalog } from './build-catalog.js';
import { CatalogSource } from './catalog-source.js';
import { type Catalog, CatalogReader, type Collision } from './catalog.js';

/** Keeps the catalogue of now: built at start, built anew after each change, swapped whole. */
@Injectable()
export class CatalogService extends CatalogReader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(CatalogService.name);
  readonly #reported = new Set<string>();
  readonly #copy = new CatchingUp(
    () => this.#rebuild(),
    (error) => this.#log.error({ message: 'the catalogue cannot be built; the one before is served on', error }),
  );
  readonly #listeners: ((catalog: Catalog) => void)[] = [];
  #current: Catalog | undefined;

  constructor(
    private readonly source: CatalogSource,
    bus: ChangeBus,
  ) {
    super();
    bus.subscribe(({ kind }) => {
      if (kind === 'registry_changed' || kind === 'anything_changed') this.#copy.announce();
    });
  }

  get current(): Catalog {
    if (!this.#current) throw new Error('The catalogue is read before it is loaded');
    return this.#current;
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#copy.first();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#copy.stop();
  }

  onSwap(listener: (catalog: Catalog) => void): void {
    this.#listeners.push(listener);
  }

  /** Settles when the catalogue has every change that was announced before the call; rejects when it can't be built. */
  refreshed(): Promise<void> {
    return this.#copy.caughtUp();
  }

  /** The same of what no change says, such as a secret that is kept elsewhere. */
  rebuilt(): Promise<void> {
    this.#copy.announce();
    return this.refreshed();
  }

  async #rebuild(): Promise<void> {
    const parts = await this.source.load();
    this.#current = buildCatalog(parts, (this.#current?.version ?? 0) + 1);
    for (const listener of this.#listeners) listener(this.#current);
    for (const collision of this.#current.collisions) this.#report(collision);
  }

  #report(collision: Collision): void {
    const key = `${collision.serverId} ${collision.other}`;
    if (this.#reported.has(key) || this.#reported.size >= MOST_REPORTED) return;
    this.#reported.add(key);
    this.#log.warn({ message: 'two items want one name; the older one has it', ...collision });
  }
}

const MOST_REPORTED = 10_000;
