import { decision, type Decision } from './decision.js';
import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';
import { canSee, type OwnedRow } from './visibility.js';

// Answers are shared objects: a decision on the path of a call allocates nothing.
const BY_ADMIN = decision(true, 'admin');
const GRANTED = decision(true, 'granted');
const CAPPED = decision(false, 'token_permission_scope');
const MISSING = decision(false, 'permission_missing');
const NOT_VISIBLE = decision(false, 'not_visible');
const NOT_OWNER = decision(false, 'not_owner');

const CHANGES = /\.(update|delete)$/;

/**
 * The one rule of access. Order: the token's own permissions cap everything; then the roles, where an
 * administrator's un-narrowed credential grants all; then visibility of the row; then ownership for changes.
 */
export function decide(principal: Principal, action: Permission, row?: OwnedRow): Decision {
  const cap = principal.restrictions.permissions;
  if (cap && !cap.has(action)) return CAPPED;
  const asAdmin = principal.isAdmin && principal.teams.kind === 'all';
  if (!asAdmin && !principal.grants.has(action)) return MISSING;
  if (row) {
    if (!canSee(principal, row)) return NOT_VISIBLE;
    if (!asAdmin && CHANGES.test(action) && row.ownerEmail !== principal.subject) return NOT_OWNER;
  }
  return asAdmin ? BY_ADMIN : GRANTED;
}
