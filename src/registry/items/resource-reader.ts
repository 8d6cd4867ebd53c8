import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { AccessService } from '../../rbac/access.service.js';
import { RegistrySettings } from '../registry.settings.js';
import type { ListQueryDto } from '../rows/dto/list-query.dto.js';
import type { Page } from '../rows/registry-page.js';
import { ItemReader } from './item-reader.js';
import type { ItemOfGateway } from './item.repository.js';
import type { ResourceEntity } from './resource.entity.js';
import { ResourceRepository } from './resource.repository.js';

@Injectable()
export class ResourceReader extends ItemReader<ResourceEntity> {
  constructor(
    private readonly resources: ResourceRepository,
    access: AccessService,
    settings: RegistrySettings,
  ) {
    super(resources, access, settings, 'resources.read', 'Resource');
  }

  /** Resources without the templates. */
  override list(principal: Principal, query: ListQueryDto): Promise<Page<ItemOfGateway<ResourceEntity>>> {
    return this.#ofKind(principal, query, false);
  }

  listTemplates(principal: Principal, query: ListQueryDto): Promise<Page<ItemOfGateway<ResourceEntity>>> {
    return this.#ofKind(principal, query, true);
  }

  async #ofKind(principal: Principal, query: ListQueryDto, isTemplate: boolean) {
    return this.visible(principal, await this.resources.pageOfKind(principal, this.wish(query), isTemplate));
  }
}
