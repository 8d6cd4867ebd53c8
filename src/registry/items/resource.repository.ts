import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { Repository } from 'typeorm';
import type { ListWish, Page } from '../rows/registry-page.js';
import { type ItemOfGateway, ItemRepository } from './item.repository.js';
import { ResourceEntity } from './resource.entity.js';

@Injectable()
export class ResourceRepository extends ItemRepository<ResourceEntity> {
  constructor(@InjectRepository(ResourceEntity) rows: Repository<ResourceEntity>) {
    super(rows);
  }

  /** Templates only, or none. */
  pageOfKind(principal: Principal, wish: ListWish, isTemplate: boolean): Promise<Page<ItemOfGateway<ResourceEntity>>> {
    return this.pageFrom(this.select().andWhere('item.isTemplate = :isTemplate', { isTemplate }), principal, wish);
  }
}
