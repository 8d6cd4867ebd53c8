import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { type FindOptionsWhere, Not, Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { visibleRows } from '../../rbac/visible-rows.js';
import { type ListWish, type Page, registryPage } from '../rows/registry-page.js';
import { GatewayEntity } from './gateway.entity.js';

/** What a health check finds out. */
export type Sighting = Partial<Pick<GatewayEntity, 'reachable' | 'lastSeen' | 'discovery' | 'discoveredAt'>>;

@Injectable()
export class GatewayRepository {
  constructor(@InjectRepository(GatewayEntity) private readonly rows: Repository<GatewayEntity>) {}

  page(principal: Principal, { includeInactive, gatewayId, ...wish }: ListWish): Promise<Page<GatewayEntity>> {
    const query = this.rows.createQueryBuilder('gateway');
    if (!includeInactive) query.andWhere('gateway.enabled = :on', { on: true });
    if (gatewayId !== undefined) query.andWhere('gateway.id = :gatewayId', { gatewayId });
    return registryPage(query, 'gateway', principal, wish);
  }

  find(id: string): Promise<GatewayEntity | null> {
    return this.rows.findOneBy({ id });
  }

  /** Oldest first. */
  enabled(): Promise<GatewayEntity[]> {
    return this.rows.find({ where: { enabled: true }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** Whether another gateway of the tenant has the slug already. */
  slugTaken(tenant: string, slug: string, butId?: string): Promise<boolean> {
    const other: FindOptionsWhere<GatewayEntity> = butId === undefined ? {} : { id: Not(butId) };
    return this.rows.existsBy({ tenant, slug, ...other });
  }

  /** Another gateway of the tenant at the same address without a credential, if the principal can see one. */
  bareTwin(
    principal: Principal,
    { id, tenant, url }: Pick<GatewayEntity, 'id' | 'tenant' | 'url'>,
    manager = this.rows.manager,
  ): Promise<GatewayEntity | null> {
    return manager
      .createQueryBuilder(GatewayEntity, 'gateway')
      .where('gateway.tenant = :tenant AND gateway.url = :url AND gateway.id <> :id', { tenant, url, id })
      .andWhere("gateway.authType = 'none' AND gateway.clientKey IS NULL")
      .andWhere(visibleRows(principal, 'gateway'))
      .getOne();
  }

  /** Writes what a health check found, unless the gateway was changed meanwhile; no change in the sense of `version`. */
  async saw({ id, version }: GatewayEntity, seen: Sighting): Promise<void> {
    await this.rows.update({ id, version }, seen as QueryDeepPartialEntity<GatewayEntity>);
  }
}
