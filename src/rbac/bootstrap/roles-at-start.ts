import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { RbacSettings } from '../rbac.settings.js';
import { defaultRoles } from '../roles/default-roles.js';
import { Role } from '../roles/role.entity.js';
import { FileRoles } from './file-roles.js';

/** Once the system's roles and the first administrator are there, and before anybody is let in. */
@Injectable()
export class RolesAtStart implements OnApplicationBootstrap {
  constructor(
    @InjectRepository(Role) private readonly roles: Repository<Role>,
    private readonly file: FileRoles,
    private readonly settings: RbacSettings,
  ) {}

  /** @throws Error that names the file or the setting */
  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.rolesFromFile) await this.file.apply();
    for (const [setting, name] of defaultRoles(this.settings)) {
      if (await this.roles.existsBy({ name, isActive: true })) continue;
      throw new Error(`${setting} names the role ${name}, which does not exist or is switched off`);
    }
  }
}
