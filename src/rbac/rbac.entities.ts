import { PermissionCheck } from './checks/permission-check.entity.js';
import { PolicyVersion } from './policies/policy-version.entity.js';
import { Policy } from './policies/policy.entity.js';
import { ShadowFinding } from './policies/shadow-finding.entity.js';
import { RoleAssignment } from './roles/role-assignment.entity.js';
import { Role } from './roles/role.entity.js';

export const RBAC_ENTITIES = [Role, RoleAssignment, PermissionCheck, Policy, PolicyVersion, ShadowFinding];
