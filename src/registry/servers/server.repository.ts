import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { Brackets, Repository, type SelectQueryBuilder } from 'typeorm';
import { type ListWish, type Page, registryPage } from '../rows/registry-page.js';
import { ServerEntity } from './server.entity.js';
import { LINKED_KINDS, linkedItems } from './server-link.repository.js';

@Injectable()
export class ServerRepository {
  constructor(@InjectRepository(ServerEntity) private readonly rows: Repository<ServerEntity>) {}

  page(principal: Principal, { includeInactive, gatewayId, ...wish }: ListWish): Promise<Page<ServerEntity>> {
    const query = this.rows.createQueryBuilder('server');
    if (!includeInactive) query.andWhere('server.enabled = :on', { on: true });
    if (gatewayId !== undefined) query.andWhere(offersOf(query, principal, gatewayId));
    return registryPage(query, 'server', principal, wish);
  }

  find(id: string): Promise<ServerEntity | null> {
    return this.rows.findOneBy({ id });
  }

  /** Oldest first. */
  enabled(): Promise<ServerEntity[]> {
    return this.rows.find({ where: { enabled: true }, order: { createdAt: 'ASC', id: 'ASC' } });
  }
}

/** Servers that offer something of a gateway that the principal can see: what is hidden must not be found by what holds it. */
function offersOf(query: SelectQueryBuilder<ServerEntity>, principal: Principal, gatewayId: string): Brackets {
  return new Brackets((where) => {
    for (const kind of LINKED_KINDS) {
      const offered = linkedItems(query.subQuery(), kind, principal).select('link.serverId');
      const ids = offered.andWhere('item.gatewayId = :gatewayId', { gatewayId }).getQuery();
      where.orWhere(`server.id IN ${ids}`);
    }
  });
}
