import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';
import type { OwnedRow } from './visibility.js';

/** What only owners do. */
export const CHANGES = /\.(update|delete)$/;
/** What leaves a row as it is. */
export const USES = /\.(read|execute|use)$/;

/** Private, of no team, and the principal's own. */
export const isOwnPrivate = ({ subject }: Principal, { visibility, teamId, ownerEmail }: OwnedRow): boolean =>
  teamId === null && visibility === 'private' && ownerEmail === subject;

/** A row of a team that the caller does not belong to, shown to that team alone. */
export function isForeign({ grants }: Principal, { visibility, teamId }: OwnedRow): boolean {
  return visibility === 'team' && (teamId === null || !grants.inTeams.has(teamId));
}

/** Whether a permission is held in the place of a row. */
export function heldOn(principal: Principal, action: Permission, row: OwnedRow): boolean {
  const { grants } = principal;
  const ofNoTeam = isOwnPrivate(principal, row) ? grants.personal : grants.everywhere;
  const place = row.teamId === null ? ofNoTeam : grants.inTeams.get(row.teamId);
  if ((place ?? grants.everywhere).has(action)) return true;
  return row.visibility === 'public' && USES.test(action) && grants.onPublic.has(action);
}

/** Whether a row is the principal's, or of a team that is. */
export function owns({ subject, ownedTeams }: Principal, row: OwnedRow): boolean {
  if (row.ownerEmail !== null && row.ownerEmail === subject) return true;
  return row.teamId !== null && ownedTeams.has(row.teamId);
}
