import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Team } from '../teams/team.entity.js';
import { TeamDirectory } from '../teams/team-directory.js';
import { TeamMemberships } from '../teams/team-memberships.js';
import { TeamsModule } from '../teams/teams.module.js';
import { AccessService } from './access.service.js';
import { AssignmentReader } from './assignments/assignment-reader.js';
import { AssignmentController } from './assignments/assignment.controller.js';
import { AssignmentService } from './assignments/assignment.service.js';
import { TeamRoleController } from './assignments/team-role.controller.js';
import { TeamRoles } from './assignments/team-roles.js';
import { UserRoles } from './assignments/user-roles.js';
import { FileRoles } from './bootstrap/file-roles.js';
import { RolesAtStart } from './bootstrap/roles-at-start.js';
import { PermissionCatalog } from './catalog/permission-catalog.js';
import { CheckLog } from './checks/check-log.js';
import { CheckRetention } from './checks/check-retention.js';
import { CheckWriter } from './checks/check-writer.js';
import { PermissionCheckController } from './checks/permission-check.controller.js';
import { PermissionCheckRepository } from './checks/permission-check.repository.js';
import { WrittenChecks } from './checks/written-checks.js';
import { ExplainService } from './explain/explain.service.js';
import { Explainer } from './explain/explainer.js';
import { MemberExplanations } from './explain/member-explanations.js';
import { OwnAccessController } from './explain/own-access.controller.js';
import { OwnExplanations } from './explain/own-explanations.js';
import { PermissionController } from './explain/permission.controller.js';
import { TeamExplainController } from './explain/team-explain.controller.js';
import { CedarPolicies } from './policies/cedar-policies.js';
import { ForbiddingPolicies } from './policies/forbidding-policies.js';
import { PolicyController } from './policies/policy.controller.js';
import { PolicyReader } from './policies/policy-reader.js';
import { PolicySimulator } from './policies/policy-simulator.js';
import { PolicyService } from './policies/policy.service.js';
import { PolicySource, PolicyStore } from './policies/policy-store.js';
import { ShadowFindings } from './policies/shadow-findings.js';
import { RBAC_ENTITIES } from './rbac.entities.js';
import { RoleGrants } from './roles/role-grants.js';
import { RoleReader } from './roles/role-reader.js';
import { RoleController } from './roles/role.controller.js';
import { RoleService } from './roles/role.service.js';
import { SystemRoles } from './roles/system-roles.js';

/** Needs `Principals` of identity and `RowDirectory` of the registry, which those provide to everybody. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([...RBAC_ENTITIES, Team]), TeamsModule],
  controllers: [
    RoleController,
    AssignmentController,
    OwnAccessController,
    PermissionController,
    TeamRoleController,
    TeamExplainController,
    PermissionCheckController,
    PolicyController,
  ],
  providers: [
    AccessService,
    AssignmentReader,
    AssignmentService,
    CedarPolicies,
    CheckRetention,
    CheckWriter,
    { provide: CheckLog, useExisting: WrittenChecks },
    Explainer,
    ExplainService,
    FileRoles,
    { provide: ForbiddingPolicies, useExisting: CedarPolicies },
    MemberExplanations,
    OwnExplanations,
    PermissionCatalog,
    PermissionCheckRepository,
    { provide: PolicySource, useClass: PolicyStore },
    PolicyReader,
    PolicyService,
    PolicySimulator,
    ShadowFindings,
    RoleGrants,
    RoleReader,
    RolesAtStart,
    RoleService,
    SystemRoles,
    { provide: TeamDirectory, useExisting: TeamMemberships },
    TeamRoles,
    UserRoles,
    WrittenChecks,
  ],
  exports: [AccessService, CheckLog, PermissionCatalog, RoleGrants, TeamDirectory, WrittenChecks],
})
export class RbacModule {}
