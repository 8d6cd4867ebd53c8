import type { Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';

/** The account behind a session. Only sessions manage tokens, so that no token can make or widen another. */
export function tokenManager(caller: Principal): { readonly id: string; readonly email: string } {
  if (caller.kind !== 'session') throw new GatewayError('session_required');
  if (caller.userId === null)
    throw new GatewayError('access_denied', 'The caller has no account in the database', 'no_account');
  return { id: caller.userId, email: caller.subject };
}
