import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';
import type { RoleScope } from './roles.js';

/** Where a role is given. */
export interface GrantPlace {
  readonly scope: RoleScope;
  /** Null unless the scope is `team`. */
  readonly teamId: string | null;
}

/** An administrator's credential that is neither narrowed to teams nor confined in any other way. */
export function isWholeAdministrator(principal: Principal): boolean {
  const { isAdmin, teams, restrictions } = principal;
  return isAdmin && teams.kind === 'all' && !restrictions.permissions && !isConfined(principal);
}

/** Whether a credential counts only on one server, from some networks, or at some times. */
const isConfined = ({ restrictions: { serverId, networks, timeRules } }: Principal): boolean =>
  serverId !== undefined || networks !== undefined || timeRules.length > 0;

/**
 * Which of the permissions a principal can't pass on in a place, because he does not hold them there himself. What is held
 * in one team, or over one's own things alone, can't be passed on everywhere; nor can what a credential has only from one
 * network or at one time, since whoever got it would have it always.
 */
export function lackingToGrant(
  principal: Principal,
  permissions: ReadonlySet<Permission>,
  { scope, teamId }: GrantPlace,
): readonly Permission[] {
  if (isConfined(principal)) return [...permissions];
  const { isAdmin, teams, grants, restrictions } = principal;
  const inTeam = scope === 'team' && teamId !== null ? grants.inTeams.get(teamId) : undefined;
  const held = inTeam ?? grants.everywhere;
  const administers = isAdmin && teams.kind === 'all';
  const cap = restrictions.permissions;
  return [...permissions].filter(
    (permission) => (!administers && !held.has(permission)) || (cap !== undefined && !cap.has(permission)),
  );
}
