import { decision, type Decision } from './decision.js';
import { type Permission, PLATFORM_PERMISSIONS } from './permissions.js';
import { CHANGES, heldOn, isForeign, owns } from './place.js';
import type { Principal } from './principal.js';
import { meetsConstraint } from './sender-constraint.js';
import { isWholeScope } from './team-scope.js';
import { canSee, type OwnedRow } from './visibility.js';

// Answers are shared objects: a decision on the path of a call allocates nothing.
const BY_ADMIN = decision(true, 'admin');
const GRANTED = decision(true, 'granted');
const CAPPED = decision(false, 'token_permission_scope');
const NARROWED = decision(false, 'narrowed');
const MISSING = decision(false, 'permission_missing');
const ELSEWHERE = decision(false, 'permission_elsewhere');
const NOT_VISIBLE = decision(false, 'not_visible');
const NOT_OWNER = decision(false, 'not_owner');
const UNBOUND = decision(false, 'sender_constraint');

/**
 * The one rule of access, in this order: the token's own permissions cap everything; the roles must grant the permission,
 * and where there is a row, in the place of that row; the row must be visible; changes are for its owner and the owners of
 * its team. An administrator's un-narrowed credential needs no role and no ownership, and sees what visibility lets it see.
 * Last, whoever uses a virtual server must be bound to his credential where the server wants that.
 *
 * @param teamId of a route about one team, where there is no row
 */
export function decide(principal: Principal, action: Permission, row?: OwnedRow, teamId?: string): Decision {
  const answer = byRights(principal, action, row, teamId);
  return answer.allowed && action === 'servers.use' && row && isUnbound(principal, row) ? UNBOUND : answer;
}

const isUnbound = ({ binding }: Principal, { senderConstrained = 'none' }: OwnedRow): boolean =>
  !meetsConstraint(senderConstrained, binding);

function byRights(principal: Principal, action: Permission, row?: OwnedRow, teamId?: string): Decision {
  const cap = principal.restrictions.permissions;
  if (cap && !cap.has(action)) return CAPPED;
  if (PLATFORM_PERMISSIONS.has(action) && !isWholeScope(principal.teams)) return NARROWED;
  if (!principal.isAdmin || principal.teams.kind !== 'all') return ordinary(principal, action, row, teamId);
  if (row && !canSee(principal, row)) return NOT_VISIBLE;
  const byRole = ordinary(principal, action, row, teamId).allowed && !(row && isForeign(principal, row));
  return byRole ? GRANTED : BY_ADMIN;
}

function ordinary(principal: Principal, action: Permission, row?: OwnedRow, teamId?: string): Decision {
  const { grants } = principal;
  const inTeam = row || teamId === undefined ? undefined : grants.inTeams.get(teamId);
  if (!(inTeam ?? grants.anywhere).has(action)) return MISSING;
  if (!row) return GRANTED;
  if (!canSee(principal, row)) return NOT_VISIBLE;
  if (!heldOn(principal, action, row)) return ELSEWHERE;
  return CHANGES.test(action) && !owns(principal, row) ? NOT_OWNER : GRANTED;
}
