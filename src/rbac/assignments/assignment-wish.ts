import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { RoleAssignment } from '../roles/role-assignment.entity.js';
import type { Role } from '../roles/role.entity.js';

/** Which role is to be given to whom, and where. */
export interface AssignmentWish extends Pick<RoleAssignment, 'userId' | 'scope' | 'scopeId' | 'expiresAt'> {
  readonly role: { readonly id: string } | { readonly name: string };
}

export const isRole =
  (wanted: AssignmentWish['role']) =>
  ({ id, name }: Role): boolean =>
    'id' in wanted ? id === normaliseId(wanted.id) : name === wanted.name;

/** @throws GatewayError 400 for an end that has come already */
export function endOf(written: string | null | undefined): Date | null {
  if (written === undefined || written === null) return null;
  const end = new Date(written);
  if (!(end.getTime() > Date.now())) throw new GatewayError('bad_request', 'expires_at: must be in the future');
  return end;
}

/** @throws GatewayError 400 when team and scope do not fit */
export function scopeIdOf(scope: string, scopeId: string | null | undefined): string {
  if (scope === 'team' && !scopeId)
    throw new GatewayError('bad_request', 'scope_id: required for scope team, the id of the team');
  if (scope !== 'team' && scopeId) throw new GatewayError('bad_request', `scope_id: not for scope ${scope}`);
  return scopeId ? normaliseId(scopeId) : '';
}
