import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';

/** Through an administrator's account one may do everything: a credential that may not must not get hold of one. */
export function demandUncapped({ restrictions: { permissions, serverId, networks, timeRules } }: Principal): void {
  if (permissions || serverId !== undefined || networks || timeRules.length > 0)
    throw new GatewayError('access_denied', 'A restricted credential cannot manage administrators', 'narrowed');
}
