import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { type RefreshDto, shownRefresh } from './dto/refresh.dto.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayReader } from './gateway-reader.js';
import { GatewayTargets } from './gateway-targets.js';
import { GatewayWriter } from './gateway-writer.js';
import { UpstreamClient } from './upstream-client.js';

/** Crawls upstreams again. */
@Injectable()
export class GatewayRefresh {
  readonly #running = new Map<string, Promise<RefreshDto>>();

  constructor(
    private readonly reader: GatewayReader,
    private readonly targets: GatewayTargets,
    private readonly upstreams: UpstreamClient,
    private readonly writer: GatewayWriter,
  ) {}

  /** Who asks while it runs gets the same answer. @throws GatewayError 403, 404, 409 or 502 */
  async refresh(caller: Principal, id: string): Promise<RefreshDto> {
    const gateway = await this.reader.demand(caller, 'gateways.update', id);
    const running = this.#running.get(gateway.id);
    if (running) return running;
    const refresh = this.#refresh(gateway, caller).finally(() => this.#running.delete(gateway.id));
    this.#running.set(gateway.id, refresh);
    return refresh;
  }

  async #refresh(gateway: GatewayEntity, by: Principal): Promise<RefreshDto> {
    const survey = await this.upstreams.survey(await this.targets.of(gateway));
    const changes = await this.writer.resurvey(gateway, {}, by, survey);
    return shownRefresh(gateway, changes);
  }
}
