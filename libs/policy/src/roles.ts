/** Where a role can hold: everywhere, in one team, or with what is one's own and nobody else's. */
export const ROLE_SCOPES = ['global', 'team', 'personal'] as const;
export type RoleScope = (typeof ROLE_SCOPES)[number];

/**
 * Why somebody holds a role.
 * - `default`: the settings give it to everybody, or to every administrator
 * - `membership`: the settings give it to owners or members of a team
 * - `manual`: somebody assigned it
 * - `bootstrap`: the file of roles assigned it at a start
 * - `sso`: a claim of the identity provider was mapped to it
 */
export const GRANT_SOURCES = ['default', 'membership', 'manual', 'bootstrap', 'sso'] as const;
export type GrantSource = (typeof GRANT_SOURCES)[number];

export interface BuiltInRole {
  readonly scope: RoleScope;
  readonly description: string;
  /** Patterns as `expandPermissions` knows them. */
  readonly permissions: readonly string[];
}

const READ = ['gateways.read', 'servers.read', 'tools.read', 'resources.read', 'prompts.read', 'tags.read'];
const READS = [...READ, 'servers.use'];
const TEAMS = ['teams.read', 'teams.join'];
const OWN_TOKENS = ['tokens.create', 'tokens.read', 'tokens.update', 'tokens.revoke'];
const VIEWER = [...READS, ...TEAMS, ...OWN_TOKENS, 'tools.execute'];
const DEVELOPER = [
  ...VIEWER,
  'plugins.read',
  ...['gateways', 'servers', 'tools', 'resources', 'prompts'].flatMap((noun) =>
    ['create', 'update', 'delete'].map((verb) => `${noun}.${verb}`),
  ),
];
const TEAM_ADMIN = [
  ...DEVELOPER,
  'teams.create',
  'teams.update',
  'teams.delete',
  'teams.manage_members',
  'tools.manage_plugins',
];

/** The roles that every installation has; nobody can change or delete them. */
export const BUILT_IN_ROLES = {
  platform_admin: { scope: 'global', description: 'May do everything', permissions: ['*'] },
  platform_viewer: {
    scope: 'global',
    description: 'Sees what is public and what their teams have, and keeps own API tokens',
    permissions: [...READS, ...TEAMS, ...OWN_TOKENS],
  },
  team_admin: {
    scope: 'team',
    description: 'A developer who also runs the team, where they own it',
    permissions: TEAM_ADMIN,
  },
  developer: {
    scope: 'team',
    description: 'A viewer who also registers upstreams and makes servers, tools, resources and prompts',
    permissions: DEVELOPER,
  },
  viewer: { scope: 'team', description: 'Sees and uses what the team has', permissions: VIEWER },
} as const satisfies Record<string, BuiltInRole>;

export type RoleName = keyof typeof BUILT_IN_ROLES;

/** What callers without a credential may do with public rows, where the operator lets them in; no role, nobody is given it. */
export const ANONYMOUS_GRANTS = [
  'servers.use',
  'tools.read',
  'tools.execute',
  'resources.read',
  'prompts.read',
] as const;
