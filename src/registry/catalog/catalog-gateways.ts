import { Injectable, Logger } from '@nestjs/common';
import { Egress } from '#libs/egress';
import { GatewayError } from '../../http/errors.js';
import { isDeepStrictEqual } from 'node:util';
import { type Credential, hasReferences } from '../gateways/credential.js';
import { CredentialReferences } from '../gateways/credential-references.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { type BareTarget, GatewayTargets } from '../gateways/gateway-targets.js';
import { GatewayRepository } from '../gateways/gateway.repository.js';
import { isStale } from '../gateways/is-stale.js';
import { PassthroughHeaders } from '../passthrough/passthrough-headers.js';
import { RegistrySettings } from '../registry.settings.js';
import type { CatalogGateway } from './catalog.js';

interface KnownTarget {
  readonly of: string;
  readonly row: GatewayEntity;
  /** With its references unresolved; undefined where it can't be opened. */
  readonly credential: Credential | undefined;
  /** Undefined where the gateway is left out. */
  readonly bare: BareTarget | undefined;
}

/** The enabled gateways with their credentials unsealed, and the secrets that these refer to. */
@Injectable()
export class CatalogGateways {
  readonly #log = new Logger(CatalogGateways.name);
  #known = new Map<string, KnownTarget>();

  constructor(
    private readonly gateways: GatewayRepository,
    private readonly targets: GatewayTargets,
    private readonly references: CredentialReferences,
    private readonly headers: PassthroughHeaders,
    private readonly settings: RegistrySettings,
    private readonly egress: Egress,
  ) {}

  /**
   * Oldest first. A gateway whose credential can't be used is left out: it must not be called without one.
   * @throws GatewayError `keys_unavailable` when credentials can't be opened now: the catalogue before is better than a part of one
   */
  async load(): Promise<CatalogGateway[]> {
    const rows = await this.gateways.enabled();
    const compile = await this.headers.compiler();
    const known = new Map(await Promise.all(rows.map(async (row) => [row.id, await this.#target(row)] as const)));
    const loaded = rows.flatMap((row): CatalogGateway[] => {
      const bare = known.get(row.id)?.bare;
      if (!bare) return [];
      const { id, slug, name, description, transport, tags, discovery, reachable, visibility, teamId, ownerEmail } =
        row;
      // A process has no headers: what would be one is a variable of its environment.
      const isProcess = transport === 'STDIO';
      const { target, oauth } = bare;
      const reserved = [...Object.keys(target.headers), ...(oauth ? ['authorization'] : [])];
      const passthrough = isProcess ? [] : compile(row, new Set(reserved));
      const propagatesIdentity = row.propagateIdentity && !isProcess;
      const stale = isStale(row, this.settings.staleLimitSeconds);
      const shown = { id, slug, name, description, transport, tags, visibility, teamId, ownerEmail };
      return [{ ...shown, discovery, reachable, stale, target, oauth, passthrough, propagatesIdentity }];
    });
    const before = this.#known;
    this.#known = known;
    this.#dropStale(before);
    return loaded;
  }

  /** Connections end with the trust under which they were opened. */
  #dropStale(before: ReadonlyMap<string, KnownTarget>): void {
    const inUse = new Set([...this.#known.values()].map(({ bare }) => bare?.target.tls?.id));
    for (const { bare } of before.values()) {
      const tls = bare?.target.tls;
      if (tls && !inUse.has(tls.id)) void this.egress.drop(tls);
    }
  }

  /** Whether a secret that a credential refers to is another than the catalogue has, is gone, or is back: the next load has it. */
  async areStale(): Promise<boolean> {
    const stale = await Promise.all([...this.#known].map(([id, known]) => this.#isStale(id, known)));
    return stale.includes(true);
  }

  /** The secrets that the credential of a gateway refers to are read again when next they are needed; false when it refers to none. */
  forget(id: string): boolean {
    const credential = this.#known.get(id)?.credential;
    if (!credential || !hasReferences(credential)) return false;
    this.references.forget(credential);
    return true;
  }

  async #isStale(id: string, known: KnownTarget): Promise<boolean> {
    const { row, credential, bare } = known;
    if (!credential || !hasReferences(credential)) return false;
    const fresh = await this.targets.with(row, credential).catch(() => undefined);
    if (isDeepStrictEqual(secretsOfBare(fresh), secretsOfBare(bare))) return false;
    if (this.#known.get(id) === known) this.#known.delete(id);
    return true;
  }

  /** What did not change is neither unsealed nor resolved again. */
  async #target(row: GatewayEntity): Promise<KnownTarget> {
    const of = JSON.stringify([row.url, row.transport, row.era, row.authValue, row.tls, row.clientKey, row.name]);
    const known = this.#known.get(row.id);
    if (known?.of === of && known.credential) return known;
    let credential: Credential | undefined;
    try {
      credential = await this.targets.credential(row);
      return { of, row, credential, bare: await this.targets.with(row, credential) };
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'keys_unavailable') throw error;
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#log.error({ message: 'a gateway is left out: its credential cannot be used', gatewayId: row.id, reason });
      return { of, row, credential, bare: undefined };
    }
  }
}

const secretsOfBare = (bare: BareTarget | undefined) => bare && [bare.target.headers, bare.oauth?.secrets];
