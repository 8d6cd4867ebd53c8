import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ReferenceSettings } from '../../vault/references/reference.settings.js';
import { CatalogGateways } from './catalog-gateways.js';
import { CatalogService } from './catalog.service.js';

/**
 * Keeps the catalogue up with the secrets that credentials of gateways refer to. So calls find headers that are ready, and a
 * gateway whose secret can't be had for longer than the settings bear is left out, as is one whose credential can't be opened.
 */
@Injectable()
export class ReferenceWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #log = new Logger(ReferenceWatch.name);
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly gateways: CatalogGateways,
    private readonly catalog: CatalogService,
    private readonly settings: ReferenceSettings,
  ) {}

  onApplicationBootstrap(): void {
    const periodMs = Math.min((this.settings.cacheSeconds * 1000) / 2, MOST_PERIOD_MS);
    this.#timer = setInterval(() => void this.look(), periodMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** The upstream of a gateway has refused its credential: the secret may be another by now. */
  refused(gatewayId: string): void {
    if (this.gateways.forget(gatewayId)) void this.look();
  }

  /** Builds the catalogue anew where a secret is another, is gone, or is back. Never rejects; who asks while it runs waits with it. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    try {
      if (await this.gateways.areStale()) await this.catalog.rebuilt();
    } catch (error) {
      this.#log.error({ message: 'references to secrets cannot be looked after', error });
    }
  }
}

/** Secrets that are fresh cost nothing to look at. */
const MOST_PERIOD_MS = 10_000;
