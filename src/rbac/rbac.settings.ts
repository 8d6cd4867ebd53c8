import { flag, text } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class RbacSettings extends settings('Roles', {
  userRole: text(
    'DEFAULT_USER_ROLE',
    'platform_viewer',
    'The role that every account holds everywhere. `viewer` may also call tools, `developer` also make things.',
  ),
  adminRole: text(
    'DEFAULT_ADMIN_ROLE',
    'platform_admin',
    'The role that platform administrators hold everywhere, as long as their credential is not narrowed.',
  ),
  teamOwnerRole: text('DEFAULT_TEAM_OWNER_ROLE', 'team_admin', 'The role of owners in their team.'),
  teamMemberRole: text('DEFAULT_TEAM_MEMBER_ROLE', 'viewer', 'The role of members in their team.'),
  rolesFromFile: flag(
    'MCPGATEWAY_BOOTSTRAP_ROLES_IN_DB_ENABLED',
    false,
    'Put the roles and assignments of the file of roles into the database at each start.',
  ),
  rolesFile: text(
    'MCPGATEWAY_BOOTSTRAP_ROLES_IN_DB_FILE',
    'config/roles.yaml',
    'The file of roles, YAML; a relative path is one from the working directory.',
  ),
}) {}
