import type { Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { isUnrestricted } from './is-unrestricted.js';

/** What a token may do, it may do as its user: a session that was given less than that must not get it back so. */
export function demandUnrestricted(caller: Principal): void {
  if (isUnrestricted(caller)) return;
  throw new GatewayError(
    'access_denied',
    'A session that is itself restricted cannot create or change tokens',
    'narrowed',
  );
}
