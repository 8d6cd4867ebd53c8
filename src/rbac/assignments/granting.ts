import { isWholeAdministrator, lackingToGrant, type Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import type { RoleBook } from '../roles/role-book.js';
import type { RoleAssignment } from '../roles/role-assignment.entity.js';
import type { Role } from '../roles/role.entity.js';

export type Place = Pick<RoleAssignment, 'scope' | 'scopeId'>;

/**
 * Nobody gives, or takes away, what he does not hold himself in that place; and what grants everything, now and later, is
 * for platform administrators alone.
 *
 * @throws GatewayError 403 that names what is lacking
 */
export function demandGrantable(caller: Principal, role: Role, { scope, scopeId }: Place, book: RoleBook): void {
  if (isWholeAdministrator(caller)) return;
  const everything = book.lineOf(role).some(({ permissions }) => permissions.includes('*'));
  const place = { scope, teamId: scope === 'team' ? scopeId : null };
  const lacking = everything ? ['*'] : lackingToGrant(caller, book.permissionsOf(role), place);
  if (lacking.length > 0)
    throw new GatewayError(
      'access_denied',
      `The role ${role.name} grants what you do not hold there yourself: ${lacking.join(', ')}`,
      'not_held',
    );
}
