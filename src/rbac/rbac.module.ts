import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TeamsModule } from '../teams/teams.module.js';
import { AccessService } from './access.service.js';
import { CheckLog } from './checks/check-log.js';
import { NoCheckLog } from './checks/no-check-log.js';
import { ForbiddingPolicies } from './policies/forbidding-policies.js';
import { NoPolicies } from './policies/no-policies.js';
import { RBAC_ENTITIES } from './rbac.entities.js';
import { RoleGrants } from './roles/role-grants.js';
import { SystemRoles } from './roles/system-roles.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature(RBAC_ENTITIES), TeamsModule],
  providers: [
    AccessService,
    { provide: CheckLog, useClass: NoCheckLog },
    { provide: ForbiddingPolicies, useClass: NoPolicies },
    RoleGrants,
    SystemRoles,
  ],
  exports: [AccessService, RoleGrants],
})
export class RbacModule {}
