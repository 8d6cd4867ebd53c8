import { Injectable } from '@nestjs/common';
import { meetsConstraint, type Principal } from '#libs/policy';
import { AccessService } from '../../rbac/access.service.js';
import { ServerDirectory } from '../../tokens/server-directory.js';
import { ServerRepository } from './server.repository.js';

/** Virtual servers as the catalogue of tokens asks for them. */
@Injectable()
export class VisibleServers extends ServerDirectory {
  constructor(
    private readonly servers: ServerRepository,
    private readonly access: AccessService,
  ) {
    super();
  }

  async sees(principal: Principal, serverId: string): Promise<boolean> {
    const row = await this.servers.find(serverId);
    return row !== null && this.access.decide(principal, 'servers.read', row).allowed;
  }

  async takes({ binding }: Principal, serverId: string): Promise<boolean> {
    const row = await this.servers.find(serverId);
    return row !== null && meetsConstraint(row.senderConstrained, binding);
  }
}
