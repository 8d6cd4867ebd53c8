export class ApiTokenDto {
  id: string;
  name: string;
  description: string | null;
  user_email: string;
  /** The administrator who made it for its user. */
  created_by: string | null;
  team_id: string | null;
  server_id: string | null;
  resource_scopes: string[];
  ip_restrictions: string[];
  time_restrictions: Record<string, boolean>;
  usage_limits: Record<string, number>;
  max_uses: number | null;
  /** Counted only where `max_uses` is set. */
  uses: number;
  /** ISO 8601, UTC. */
  created_at: string;
  expires_at: string | null;
  last_used: string | null;
  is_active: boolean;
  is_revoked: boolean;
  revoked_at: string | null;
  revoked_by: string | null;
  revocation_reason: string | null;
  tags: string[];
  /** The thumbprints of the key and of the client certificate that the token is bound to. */
  dpop_jkt: string | null;
  x5t_s256: string | null;
}

export class CreatedApiTokenDto {
  token: ApiTokenDto;
  /** Shown this once. */
  access_token: string;
  /** What the token would not see or do although it was asked for, and what to do about it. */
  warnings: string[];
}

export class ChangedApiTokenDto extends ApiTokenDto {
  /** What the token would not see or do although it was asked for, and what to do about it. */
  warnings: string[];
}

export class ApiTokenListDto {
  tokens: ApiTokenDto[];
  total: number;
  limit: number;
  offset: number;
}
