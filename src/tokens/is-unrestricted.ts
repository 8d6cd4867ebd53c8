import { isWholeScope, type Principal } from '#libs/policy';

/** Whether a session was given all that its user may: nothing narrowed, nothing capped. */
export function isUnrestricted({ teams, grants, restrictions }: Principal): boolean {
  const { serverId, permissions, networks, timeRules } = restrictions;
  const capped = permissions !== undefined && [...grants.anywhere].some((permission) => !permissions.has(permission));
  return isWholeScope(teams) && !capped && serverId === undefined && !networks && timeRules.length === 0;
}
