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
  'tools.create': 'Make tools that the gateway itself calls over HTTP',
  'tools.update': 'Change, enable and disable tools',
  'tools.delete': 'Delete tools that the gateway itself calls',
  'tools.manage_plugins': 'Say which plugins run for the tools of own teams',
  'resources.read': 'See and read resources',
  'resources.create': 'Make resources that the gateway itself keeps',
  'resources.update': 'Change, enable and disable resources',
  'resources.delete': 'Delete resources that the gateway itself keeps',
  'prompts.read': 'See and get prompts',
  'prompts.create': 'Make prompts that the gateway itself renders',
  'prompts.update': 'Change, enable and disable prompts',
  'prompts.delete': 'Delete prompts that the gateway itself renders',
  'tags.read': 'See which tags there are, and on what',
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
  'admin.system_config': 'See and change how the gateway is set up and runs',
  'admin.plugins': 'See what plugins are configured with, switch them on and off, and change their mode',
  'admin.oauth_clients': 'See and delete the registrations of the gateway at authorization servers',
  'plugins.read': 'See which plugins run',
  'admin.sso_providers:create': 'Add identity providers; only a whole administrator can',
  'admin.sso_providers:read': 'See identity providers, without their secrets',
  'admin.sso_providers:update': 'Change identity providers; only a whole administrator can',
  'admin.sso_providers:delete': 'Delete identity providers; only a whole administrator can',
  'audit:read': 'Read who changed which roles, policies and configuration',
  'policies.read': 'See policies and what drafts would have changed, and try decisions out',
  'policies.create': 'Write policies',
  'policies.update': 'Change, activate and switch off policies',
  'policies.delete': 'Delete policies',
  'scim.read': 'See the accounts and groups that an identity provider keeps by SCIM',
  'scim.write': 'Make, change, disable and delete them, as that identity provider',
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** What a permission is about, such as `tools` of `tools.execute`, or `audit` of `audit:read`. */
export const categoryOf = (permission: Permission): string => permission.slice(0, permission.search(/[.:]/));

/** What it allows, such as `execute`. */
export const verbOf = (permission: Permission): string => permission.slice(permission.search(/[.:]/) + 1);

const EVERY = Object.keys(PERMISSIONS) as Permission[];

/** Permissions about the platform as a whole: only roles that hold everywhere grant them, and only to whole credentials. */
export const PLATFORM_PERMISSIONS: ReadonlySet<Permission> = new Set(
  EVERY.filter((permission) => ['admin', 'audit', 'policies', 'scim'].includes(categoryOf(permission))),
);

/** What the methods of MCP ask for; tokens of external issuers reach no further. */
export const MCP_PERMISSIONS = ['tools.read', 'tools.execute', 'resources.read', 'prompts.read'] as const;

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
