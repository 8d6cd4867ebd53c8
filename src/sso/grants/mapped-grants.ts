import { normaliseId } from '../../http/normalise-id.js';
import type { TeamRole } from '../../teams/team-member.entity.js';
import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { domainOf } from '../accounts/demand-address.js';

/** What a provider grants somebody: all of it, and nothing else. */
export interface MappedGrants {
  readonly isAdmin: boolean;
  /** Names. */
  readonly roles: ReadonlySet<string>;
  /** By id of the team. */
  readonly teams: ReadonlyMap<string, TeamRole>;
}

/** What the groups of somebody grant; groups that are not known grant nothing, the default role neither. */
export function mappedGrants(
  { groups, email, emailVerified }: ClaimedIdentity,
  { kind, options }: Pick<SsoProvider, 'kind' | 'options'>,
  autoAdminDomains: readonly string[],
): MappedGrants {
  // GitHub's names are the same in any case.
  const isMember = (group: string): boolean => groups?.has(kind === 'github' ? group.toLowerCase() : group) === true;
  const mapped = Object.entries(options.role_mappings).flatMap(([group, role]) => (isMember(group) ? [role] : []));
  const usual = groups !== null && mapped.length === 0 && options.default_role !== null ? [options.default_role] : [];
  const teams = new Map<string, TeamRole>();
  for (const [group, { team_id: team, role }] of Object.entries(options.team_mapping)) {
    const id = normaliseId(team);
    if (isMember(group) && teams.get(id) !== 'owner') teams.set(id, role);
  }
  const byDomain = emailVerified && email !== undefined && autoAdminDomains.includes(domainOf(email));
  return { isAdmin: byDomain || options.admin_groups.some(isMember), roles: new Set([...mapped, ...usual]), teams };
}
