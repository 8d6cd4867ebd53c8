import { Injectable } from '@nestjs/common';
import type { Permission, Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { AccessService } from '../../rbac/access.service.js';
import { RegistrySettings } from '../registry.settings.js';
import type { ListQueryDto } from '../rows/dto/list-query.dto.js';
import { withChangeable } from '../rows/changeable.js';
import { pageWish } from '../rows/page-wish.js';
import type { Page } from '../rows/registry-page.js';
import type { ServerEntity } from './server.entity.js';
import { ServerRepository } from './server.repository.js';

/** Finds virtual servers for those who may see them. */
@Injectable()
export class ServerReader {
  constructor(
    private readonly servers: ServerRepository,
    private readonly access: AccessService,
    private readonly settings: RegistrySettings,
  ) {}

  async list(caller: Principal, query: ListQueryDto): Promise<Page<ServerEntity>> {
    const page = await this.servers.page(caller, pageWish(query, this.settings));
    const seen = this.access.visible(caller, 'servers.read', page.rows);
    return { ...page, rows: seen.map((row) => withChangeable(this.access, caller, 'servers.read', row)) };
  }

  /** @throws GatewayError `not_found`, also for what the caller may not see; `access_denied` for what is not theirs to change */
  async demand(caller: Principal, permission: Permission, id: string): Promise<ServerEntity> {
    const row = await this.servers.find(normaliseId(id));
    const seen = row && this.access.check(caller, 'servers.read', row).allowed;
    if (!row || !seen) throw new GatewayError('not_found', `Server not found: ${id}`);
    if (permission !== 'servers.read') this.access.demand(caller, permission, row);
    return withChangeable(this.access, caller, 'servers.read', row);
  }
}
