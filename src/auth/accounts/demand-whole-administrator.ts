import { isWholeAdministrator, type Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';

/** Through an administrator's account one may do everything: whoever may not must not get hold of one. */
export function demandWholeAdministrator(caller: Principal): void {
  if (isWholeAdministrator(caller)) return;
  const [detail, reason] = caller.isAdmin
    ? ['A restricted credential cannot manage administrators', 'narrowed']
    : ['Only administrators manage administrators', 'not_admin'];
  throw new GatewayError('access_denied', detail, reason);
}
