import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { Repository } from 'typeorm';
import { type Page, type PageWish, registryPage } from '../rows/registry-page.js';
import { ServerEntity } from './server.entity.js';

export interface ServerPageWish extends PageWish {
  readonly includeInactive: boolean;
}

@Injectable()
export class ServerRepository {
  constructor(@InjectRepository(ServerEntity) private readonly rows: Repository<ServerEntity>) {}

  page(principal: Principal, { includeInactive, ...wish }: ServerPageWish): Promise<Page<ServerEntity>> {
    const query = this.rows.createQueryBuilder('server');
    if (!includeInactive) query.andWhere('server.enabled = :on', { on: true });
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
