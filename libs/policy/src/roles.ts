const READS = ['gateways.read', 'servers.read', 'tools.read', 'resources.read', 'prompts.read', 'servers.use'];
const TEAMS = ['teams.read', 'teams.join'];
const OWN_TOKENS = ['tokens.create', 'tokens.read', 'tokens.update', 'tokens.revoke'];
const VIEWER = [...READS, ...TEAMS, ...OWN_TOKENS, 'tools.execute'];
const DEVELOPER = [
  ...VIEWER,
  ...['gateways', 'servers'].flatMap((noun) => [`${noun}.create`, `${noun}.update`, `${noun}.delete`]),
];
const TEAM_ADMIN = [...DEVELOPER, 'teams.create', 'teams.update', 'teams.delete', 'teams.manage_members'];

/** The built-in roles and what they grant. */
export const BUILT_IN_ROLES = {
  platform_admin: ['*'],
  platform_viewer: [...READS, ...TEAMS, ...OWN_TOKENS],
  viewer: VIEWER,
  developer: DEVELOPER,
  team_admin: TEAM_ADMIN,
} as const satisfies Record<string, readonly string[]>;

export type RoleName = keyof typeof BUILT_IN_ROLES;

/** What callers without a credential may do with public rows, where the operator lets them in; no role, nobody is given it. */
export const ANONYMOUS_GRANTS = [
  'servers.use',
  'tools.read',
  'tools.execute',
  'resources.read',
  'prompts.read',
] as const;
