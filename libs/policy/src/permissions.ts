/** Every permission a route or an MCP method can ask for, with what it allows. */
export const PERMISSIONS = {
  'servers.use': 'Open an MCP endpoint',
  'servers.read': 'See virtual servers',
  'servers.create': 'Create virtual servers',
  'servers.update': 'Change virtual servers',
  'servers.delete': 'Delete virtual servers',
  'gateways.read': 'See upstream gateways',
  'gateways.create': 'Register upstream gateways',
  'gateways.update': 'Change, refresh, enable and disable upstream gateways',
  'gateways.delete': 'Delete upstream gateways',
  'tools.read': 'See tools',
  'tools.execute': 'Call tools',
  'resources.read': 'See and read resources',
  'prompts.read': 'See and get prompts',
  'teams.create': 'Create teams, with their first members',
  'teams.read': 'See own teams and their members, and public teams',
  'teams.update': 'Change own teams, as an owner',
  'teams.delete': 'Delete own teams, as an owner',
  'teams.join': 'Accept invitations, ask to join public teams, leave teams',
  'teams.manage_members': 'Add, invite, promote and remove members of own teams, as an owner',
  'tokens.create': 'Create own API tokens',
  'tokens.read': 'See own API tokens and their usage',
  'tokens.update': 'Change own API tokens',
  'tokens.revoke': 'Revoke own API tokens',
  'admin.user_management': 'See, make, change, unlock and delete accounts, and see what happened to them',
  'admin.security_audit': 'Read the usage log of all callers',
  'admin.system_config': 'See how the gateway is set up and runs',
} as const;

export type Permission = keyof typeof PERMISSIONS;

const EVERY = Object.keys(PERMISSIONS) as Permission[];

/**
 * What the patterns of a role or of a token grant: `*`, an exact permission, or `category.*`.
 * Who may touch a tool, resource or prompt may open the endpoint that serves it (`servers.use`).
 */
export function expandPermissions(patterns: readonly string[]): ReadonlySet<Permission> {
  const granted = EVERY.filter((permission) =>
    patterns.some(
      (pattern) =>
        pattern === '*' ||
        pattern === permission ||
        (pattern.endsWith('.*') && permission.startsWith(pattern.slice(0, -1))),
    ),
  );
  const implied = granted.some((permission) => /^(tools|resources|prompts)\./.test(permission));
  return new Set(implied ? [...granted, 'servers.use' as const] : granted);
}
