import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { PassthroughHeaders } from '../passthrough/passthrough-headers.js';
import { RegistrySettings } from '../registry.settings.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayRepository } from './gateway.repository.js';

export type Judged = Pick<GatewayEntity, 'id' | 'tenant' | 'slug' | 'url' | 'authType' | 'passthroughHeaders'>;

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
    const { id, tenant, slug, url, authType } = wanted;
    if (wanted.passthroughHeaders) this.passthrough.demandHarmless(wanted.passthroughHeaders);
    const stays = tenant === before?.tenant;
    if (!(stays && slug === before?.slug) && (await this.gateways.slugTaken(tenant, slug, id)))
      throw new GatewayError('conflict', 'Gateway name already exists');
    // Two at one address are for two credentials. Which those are is a secret, so only the absence of one is compared.
    if (authType !== 'none' || !this.settings.uniqueUrls) return;
    if (stays && url === before?.url && before.authType === 'none') return;
    const twin = await this.gateways.bareTwin(caller, { id, tenant, url });
    if (twin) throw new GatewayError('conflict', `A gateway with this URL already exists: ${twin.name}`);
  }
}

/** What is judged of a gateway as a change will leave it. */
export function judged(gateway: Judged, patch: Partial<Judged>): Judged {
  const { id, tenant, slug, url, authType, passthroughHeaders } = gateway;
  return { id, tenant, slug, url, authType, passthroughHeaders, ...patch };
}
