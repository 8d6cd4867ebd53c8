import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { type FindOptionsWhere, Not, Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { type Page, type PageWish, registryPage } from '../rows/registry-page.js';
import { GatewayEntity } from './gateway.entity.js';

export interface GatewayPageWish extends PageWish {
  readonly includeInactive: boolean;
}

/** What a health check finds out. */
export type Sighting = Partial<Pick<GatewayEntity, 'reachable' | 'lastSeen' | 'discovery' | 'discoveredAt'>>;

@Injectable()
export class GatewayRepository {
  constructor(@InjectRepository(GatewayEntity) private readonly rows: Repository<GatewayEntity>) {}

  page(principal: Principal, { includeInactive, ...wish }: GatewayPageWish): Promise<Page<GatewayEntity>> {
    const query = this.rows.createQueryBuilder('gateway');
    if (!includeInactive) query.andWhere('gateway.enabled = :on', { on: true });
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

  /** Writes what a health check found, unless the gateway was changed meanwhile; no change in the sense of `version`. */
  async saw({ id, version }: GatewayEntity, seen: Sighting): Promise<void> {
    await this.rows.update({ id, version }, seen as QueryDeepPartialEntity<GatewayEntity>);
  }
}
