import type { ApiTokenDto } from './dto/shown-api-token.dto.js';
import type { TokenRecord } from './token-record.js';

/** A token as its managers see it; neither its text nor its hash or jti. */
export function shownToken({ token, owner, revocation }: TokenRecord): ApiTokenDto {
  return {
    id: token.id,
    name: token.name,
    description: token.description,
    user_email: owner,
    created_by: token.createdBy,
    team_id: token.teamId,
    server_id: token.serverId,
    resource_scopes: token.permissions,
    ip_restrictions: token.ipRestrictions,
    time_restrictions: token.timeRestrictions,
    usage_limits: { ...token.usageLimits },
    max_uses: token.maxUses,
    uses: token.uses,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt?.toISOString() ?? null,
    last_used: token.lastUsed?.toISOString() ?? null,
    is_active: token.isActive,
    is_revoked: revocation !== null,
    revoked_at: revocation?.revokedAt.toISOString() ?? null,
    revoked_by: revocation?.revokedBy ?? null,
    revocation_reason: revocation?.reason ?? null,
    tags: token.tags,
    dpop_jkt: token.dpopJkt,
    x5t_s256: token.x5tS256,
  };
}
