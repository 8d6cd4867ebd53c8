import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { GlobalConfig } from '../passthrough/global-config.entity.js';
import { PassthroughHeaders } from '../passthrough/passthrough-headers.js';
import { RegistrySettings } from '../registry.settings.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayRepository } from './gateway.repository.js';

export type Judged = Pick<GatewayEntity, 'id' | 'tenant' | 'slug' | 'url' | 'authType' | 'tls' | 'passthroughHeaders'>;

/** A row that says nothing, and is there to be locked. */
const LOCK = 'gateway_urls';

/** What a gateway must keep to beside the others of its tenant, before its upstream is asked anything. */
@Injectable()
export class GatewayRules {
  constructor(
    private readonly gateways: GatewayRepository,
    private readonly passthrough: PassthroughHeaders,
    private readonly settings: RegistrySettings,
  ) {}

  /**
   * @param wanted as it is to be
   * @param before as it is; what does not change is not judged again
   * @throws GatewayError 409 for a name or address that the tenant has already, 422 for a header that must not be passed on
   */
  async demand(caller: Principal, wanted: Judged, before?: Judged): Promise<void> {
    const { id, tenant, slug } = wanted;
    if (wanted.passthroughHeaders) this.passthrough.demandHarmless(wanted.passthroughHeaders);
    const stays = tenant === before?.tenant && slug === before.slug;
    if (!stays && (await this.gateways.slugTaken(tenant, slug, id)))
      throw new GatewayError('conflict', 'Gateway name already exists');
    if (this.#isOnlyOne(wanted, before)) await this.#refuseTwin(wanted, caller);
  }

  /**
   * The same about the address, to be asked first of all in the transaction that writes: until its end no other is told
   * that an address is free.
   * @throws GatewayError 409
   */
  async demandStill(manager: EntityManager, caller: Principal, wanted: Judged, before?: Judged): Promise<void> {
    if (!this.#isOnlyOne(wanted, before)) return;
    // Locked by a write, which every engine understands, and which makes the row the first time.
    await manager.upsert(GlobalConfig, { name: LOCK, value: '', updatedBy: null, updatedAt: new Date() }, ['name']);
    await this.#refuseTwin(wanted, caller, manager);
  }

  /** Two at one address are for two credentials. Which those are is a secret, so only the absence of one is compared. */
  #isOnlyOne({ tenant, url, ...wanted }: Judged, before: Judged | undefined): boolean {
    if (!isBare(wanted) || !this.settings.uniqueUrls) return false;
    return !(before && tenant === before.tenant && url === before.url && isBare(before));
  }

  async #refuseTwin(wanted: Judged, caller: Principal, manager?: EntityManager): Promise<void> {
    const twin = await this.gateways.bareTwin(caller, wanted, manager);
    if (twin) throw new GatewayError('conflict', `A gateway with this URL already exists: ${twin.name}`);
  }
}

const isBare = ({ authType, tls }: Pick<Judged, 'authType' | 'tls'>): boolean =>
  authType === 'none' && tls?.clientCertificate === undefined;

/** What is judged of a gateway as a change will leave it. */
export function judged(gateway: Judged, patch: Partial<Judged>): Judged {
  const { id, tenant, slug, url, authType, tls, passthroughHeaders } = gateway;
  return { id, tenant, slug, url, authType, tls, passthroughHeaders, ...patch };
}
