import type { TeamRole } from '../../teams/team-member.entity.js';

/** What a group makes of its members in a team. */
export interface TeamMapping {
  readonly team_id: string;
  readonly role: TeamRole;
}

/** How the claims of a provider are read, and what they grant; under the names that the REST API has for them. */
export interface ProviderOptions {
  readonly email_claim: string;
  readonly groups_claim: string;
  /** Domains that may sign in here; empty for those of SSO_TRUSTED_DOMAINS alone. */
  readonly trusted_domains: readonly string[];
  /** Domains whose addresses count as verified when the provider does not say whether they are. */
  readonly verified_domains: readonly string[];
  /** Groups whose members administer everything. */
  readonly admin_groups: readonly string[];
  /** The name of a role by group. */
  readonly role_mappings: Readonly<Record<string, string>>;
  /** Of who is in no group that gives a role. */
  readonly default_role: string | null;
  readonly team_mapping: Readonly<Record<string, TeamMapping>>;
  /** Keycloak: whether roles of the realm, and of the client, count as groups. */
  readonly realm_roles: boolean;
  readonly client_roles: boolean;
  /** Entra: where groups are asked for that are too many for a token; null for nowhere. */
  readonly graph_url: string | null;
}

export const NO_OPTIONS: ProviderOptions = {
  email_claim: 'email',
  groups_claim: 'groups',
  trusted_domains: [],
  verified_domains: [],
  admin_groups: [],
  role_mappings: {},
  default_role: null,
  team_mapping: {},
  realm_roles: false,
  client_roles: false,
  graph_url: null,
};
