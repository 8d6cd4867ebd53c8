import type { RbacSettings } from '../rbac.settings.js';

/** The settings that name a role, and the role that each names. */
export const defaultRoles = (settings: RbacSettings): readonly (readonly [setting: string, role: string])[] => [
  ['DEFAULT_USER_ROLE', settings.userRole],
  ['DEFAULT_ADMIN_ROLE', settings.adminRole],
  ['DEFAULT_TEAM_OWNER_ROLE', settings.teamOwnerRole],
  ['DEFAULT_TEAM_MEMBER_ROLE', settings.teamMemberRole],
];
