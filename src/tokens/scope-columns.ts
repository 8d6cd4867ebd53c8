import { normaliseId } from '../http/normalise-id.js';
import type { ApiToken, UsageLimits } from './api-token.entity.js';
import type { TokenScopeDto } from './dto/token-scope.dto.js';

export type ScopeColumns = Pick<
  ApiToken,
  'serverId' | 'permissions' | 'ipRestrictions' | 'timeRestrictions' | 'usageLimits' | 'maxUses'
>;

/** A scope as its row keeps it. Members that were sent as null restrict nothing and are not kept. */
export function scopeColumns(scope: TokenScopeDto): ScopeColumns {
  const { requests_per_hour: hour, requests_per_day: day } = scope.usage_limits ?? {};
  const limits: UsageLimits = {
    ...(typeof hour === 'number' && { requests_per_hour: hour }),
    ...(typeof day === 'number' && { requests_per_day: day }),
  };
  const times = Object.entries(scope.time_restrictions ?? {}).filter(([, on]) => typeof on === 'boolean');
  return {
    serverId: scope.server_id ? normaliseId(scope.server_id) : null,
    permissions: scope.permissions ?? [],
    ipRestrictions: scope.ip_restrictions ?? [],
    timeRestrictions: Object.fromEntries(times),
    usageLimits: Object.keys(limits).length > 0 ? limits : null,
    maxUses: scope.max_uses ?? null,
  };
}
