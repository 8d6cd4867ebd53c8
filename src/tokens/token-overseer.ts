import type { Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { isUnrestricted } from './is-unrestricted.js';
import { tokenManager } from './token-manager.js';

/** Lets pass only an administrator in a session that nothing narrows. */
export function assertOverseer(caller: Principal): void {
  tokenManager(caller);
  if (!caller.isAdmin) throw new GatewayError('access_denied', 'Admin access required', 'not_admin');
  if (caller.teams.kind !== 'all' || !isUnrestricted(caller))
    throw new GatewayError('access_denied', 'Token oversight requires un-narrowed admin access', 'narrowed');
}
