import { compileRestrictions, type TokenBinding, type TokenRestrictions, type UsageQuota } from '#libs/policy';
import type { ApiTokenFacts } from '../auth/principals/api-token-directory.js';
import { GatewayError } from '../http/errors.js';
import type { ApiToken } from './api-token.entity.js';
import { quotaOf } from './quota-of.js';

/** What identity has to know of a token. @throws GatewayError for restrictions that can't be enforced */
export function tokenFacts(row: ApiToken): ApiTokenFacts {
  const { userId, tokenHash, teamId, isActive: active, expiresAt } = row;
  return { userId, tokenHash, teamId, active, expiresAt, ...boundsOf(row), ...bindingOf(row) };
}

function bindingOf({ dpopJkt: jkt, x5tS256: x5t }: ApiToken): { binding?: TokenBinding } {
  if (jkt === null && x5t === null) return {};
  return { binding: { ...(jkt !== null && { jkt }), ...(x5t !== null && { x5t }) } };
}

/** A row that was damaged, or written by a later build, must not free its token. */
function boundsOf(row: ApiToken): { restrictions: TokenRestrictions; quota?: UsageQuota } {
  const { serverId, permissions, ipRestrictions, timeRestrictions } = row;
  try {
    if (!Array.isArray(permissions) || !Array.isArray(ipRestrictions)) throw new RangeError('not a list');
    const timeRules = Object.keys(timeRestrictions).filter((rule) => timeRestrictions[rule]);
    const quota = quotaOf(row);
    const restrictions = compileRestrictions({ serverId, permissions, ipRestrictions, timeRules });
    return { restrictions, ...(quota && { quota }) };
  } catch {
    throw new GatewayError('invalid_token', 'Invalid token: its restrictions can’t be enforced');
  }
}
