import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TeamsModule } from '../teams/teams.module.js';
import { AccessService } from './access.service.js';
import { CheckLog } from './checks/check-log.js';
import { CheckRetention } from './checks/check-retention.js';
import { CheckWriter } from './checks/check-writer.js';
import { PermissionCheckController } from './checks/permission-check.controller.js';
import { PermissionCheckRepository } from './checks/permission-check.repository.js';
import { WrittenChecks } from './checks/written-checks.js';
import { ForbiddingPolicies } from './policies/forbidding-policies.js';
import { NoPolicies } from './policies/no-policies.js';
import { RBAC_ENTITIES } from './rbac.entities.js';
import { RoleGrants } from './roles/role-grants.js';
import { SystemRoles } from './roles/system-roles.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature(RBAC_ENTITIES), TeamsModule],
  controllers: [PermissionCheckController],
  providers: [
    AccessService,
    CheckRetention,
    CheckWriter,
    PermissionCheckRepository,
    WrittenChecks,
    { provide: CheckLog, useExisting: WrittenChecks },
    { provide: ForbiddingPolicies, useClass: NoPolicies },
    RoleGrants,
    SystemRoles,
  ],
  exports: [AccessService, CheckLog, RoleGrants, WrittenChecks],
})
export class RbacModule {}
