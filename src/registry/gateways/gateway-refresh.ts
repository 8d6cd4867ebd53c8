import { Injectable } from '@nestjs/common';
import type { Permission, Principal } from '#libs/policy';
import { AccessService } from '../../rbac/access.service.js';
import { type CatalogItem, CatalogReader } from '../catalog/catalog.js';
import { type CollisionDto, shownCollisions } from '../rows/dto/collision.dto.js';
import { type RefreshDto, shownRefresh } from './dto/refresh.dto.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayReader } from './gateway-reader.js';
import { GatewayTargets } from './gateway-targets.js';
import { GatewayWriter } from './gateway-writer.js';
import { GatewayRepository } from './gateway.repository.js';
import { isPerUser } from './oauth-access.js';
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
    private readonly catalog: CatalogReader,
    private readonly access: AccessService,
    private readonly gateways: GatewayRepository,
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

  /** Because its upstream says that it offers something else. Nothing happens to one that is gone. @throws GatewayError 409 or 502 */
  async follow(id: string): Promise<void> {
    const gateway = await this.gateways.find(id);
    // Whom should one be asked for where each user has tokens of their own?
    if (!gateway?.enabled || isPerUser(gateway.oauthConfig)) return;
    const survey = await this.targets.ask(gateway, undefined, (target) => this.upstreams.survey(target));
    await this.writer.sync(gateway, survey);
  }

  async #refresh(gateway: GatewayEntity, by: Principal): Promise<RefreshDto> {
    const survey = await this.targets.ask(gateway, by, (target) => this.upstreams.survey(target));
    const changes = await this.writer.resurvey(gateway, {}, by, survey);
    return shownRefresh(gateway, changes, this.#collisionsOf(gateway, by));
  }

  /** The catalogue of now has what was just written. */
  #collisionsOf({ id }: GatewayEntity, by: Principal): CollisionDto[] {
    const { everything, collisions } = this.catalog.current;
    const { tools, resources, templates, prompts } = everything;
    const items = new Map<string, { readonly item: CatalogItem; readonly permission: Permission }>();
    for (const item of tools) items.set(item.id, { item, permission: 'tools.read' });
    for (const item of [...resources, ...templates]) items.set(item.id, { item, permission: 'resources.read' });
    for (const item of prompts) items.set(item.id, { item, permission: 'prompts.read' });
    const own = collisions.filter(
      ({ serverId, served, other }) =>
        serverId === undefined &&
        [served, other].some((one) => one !== null && items.get(one)?.item.gateway?.id === id),
    );
    return shownCollisions(own, (one) => {
      const found = items.get(one);
      return found !== undefined && this.access.decide(by, found.permission, found.item).allowed;
    });
  }
}
