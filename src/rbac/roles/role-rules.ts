import { expandPermissions, PLATFORM_PERMISSIONS, type RoleScope } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { RoleBook } from './role-book.js';
import type { Role } from './role.entity.js';

export const MOST_ROLES = 500;
/** Roles in one line of inheritance. */
export const LONGEST_LINE = 10;

/** What every role has to be, whoever wrote it. The functions return what is wrong, as `field: rule`. */

export function permissionFault(scope: RoleScope, permissions: readonly string[]): string | undefined {
  const unknown = permissions.filter((pattern) => expandPermissions([pattern]).size === 0);
  if (unknown.length > 0) return `permissions: Invalid permissions: ${JSON.stringify(unknown)}`;
  if (scope === 'global') return undefined;
  const platform = [...expandPermissions(permissions)].filter((permission) => PLATFORM_PERMISSIONS.has(permission));
  if (platform.length === 0) return undefined;
  return `permissions: A role of scope ${scope} cannot have permissions about the platform: ${platform.join(', ')}`;
}

/**
 * @param roles all that there are, the one in question as it is going to be
 * @param before what it inherits from now: that may have been switched off meanwhile
 */
export function lineFault(role: Role, roles: readonly Role[], before: string | null = null): string | undefined {
  if (role.inheritsFrom === null) return undefined;
  const parent = roles.find(({ id }) => id === role.inheritsFrom);
  if (!parent || (!parent.isActive && parent.id !== before)) return 'inherits_from: Parent role not found';
  // Or it would come to permissions about the platform, which only hold everywhere.
  if (role.scope !== 'global' && parent.scope === 'global')
    return `inherits_from: A role of scope ${role.scope} cannot inherit from one of scope global`;
  const book = new RoleBook(roles);
  const above = book.lineOf(parent);
  if (above.some(({ id }) => id === role.id)) return 'inherits_from: The role would inherit from itself';
  const longest = Math.max(...roles.map((each) => book.lineOf(each).length));
  return longest > LONGEST_LINE ? `inherits_from: At most ${LONGEST_LINE} roles may inherit in a line` : undefined;
}

/** @throws GatewayError 400 with the fault, if there is one */
export function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new GatewayError('bad_request', fault);
}
