import { Injectable, Logger } from '@nestjs/common';
import { Egress } from '#libs/egress';
import type { UpstreamTarget } from '#libs/mcp';
import { GatewayError } from '../../http/errors.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { GatewayTargets } from '../gateways/gateway-targets.js';
import { GatewayRepository } from '../gateways/gateway.repository.js';
import { isStale } from '../gateways/is-stale.js';
import { PassthroughHeaders } from '../passthrough/passthrough-headers.js';
import { RegistrySettings } from '../registry.settings.js';
import type { CatalogGateway } from './catalog.js';

interface KnownTarget {
  readonly of: string;
  readonly target: UpstreamTarget;
}

/** The enabled gateways with their credentials unsealed. */
@Injectable()
export class CatalogGateways {
  readonly #log = new Logger(CatalogGateways.name);
  #known = new Map<string, KnownTarget>();

  constructor(
    private readonly gateways: GatewayRepository,
    private readonly targets: GatewayTargets,
    private readonly headers: PassthroughHeaders,
    private readonly settings: RegistrySettings,
    private readonly egress: Egress,
  ) {}

  /**
   * Oldest first. A gateway whose credential can't be opened is left out: it must not be called without one.
   * @throws GatewayError `keys_unavailable` when credentials can't be opened now: the catalogue before is better than a part of one
   */
  async load(): Promise<CatalogGateway[]> {
    const rows = await this.gateways.enabled();
    const compile = await this.headers.compiler();
    const known = new Map<string, KnownTarget>();
    const loaded: CatalogGateway[] = [];
    for (const row of rows) {
      const target = await this.#target(row);
      if (!target) continue;
      known.set(row.id, target);
      const { id, slug, name, description, transport, tags, discovery, reachable, visibility, teamId, ownerEmail } =
        row;
      // A process has no headers: what would be one is a variable of its environment.
      const isProcess = transport === 'STDIO';
      const passthrough = isProcess ? [] : compile(row, new Set(Object.keys(target.target.headers)));
      const propagatesIdentity = row.propagateIdentity && !isProcess;
      const stale = isStale(row, this.settings.staleLimitSeconds);
      const shown = { id, slug, name, description, transport, tags, visibility, teamId, ownerEmail };
      loaded.push({ ...shown, discovery, reachable, stale, target: target.target, passthrough, propagatesIdentity });
    }
    const before = this.#known;
    this.#known = known;
    this.#dropStale(before);
    return loaded;
  }

  /** Connections end with the trust under which they were opened. */
  #dropStale(before: ReadonlyMap<string, KnownTarget>): void {
    const inUse = new Set([...this.#known.values()].map(({ target }) => target.tls?.id));
    for (const { target } of before.values()) {
      if (target.tls && !inUse.has(target.tls.id)) void this.egress.drop(target.tls);
    }
  }

  /** What did not change is not unsealed again. */
  async #target(row: GatewayEntity): Promise<KnownTarget | undefined> {
    const of = JSON.stringify([row.url, row.transport, row.era, row.authValue, row.tls, row.clientKey]);
    const known = this.#known.get(row.id);
    if (known?.of === of) return known;
    try {
      return { of, target: await this.targets.of(row) };
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'keys_unavailable') throw error;
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#log.error({ message: 'a gateway is left out: its credential cannot be opened', gatewayId: row.id, reason });
      return undefined;
    }
  }
}
