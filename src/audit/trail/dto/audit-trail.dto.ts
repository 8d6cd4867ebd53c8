import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { LogPageDto } from '../../dto/log-page.dto.js';
import { AUDITED_ACTIONS, AUDITED_TYPES } from '../audit-trail.js';
import type { Values } from '../audit-trail.entity.js';

export class ListAuditTrailsDto extends LogPageDto {
  @IsOptional()
  @IsIn(AUDITED_ACTIONS)
  action?: (typeof AUDITED_ACTIONS)[number];

  @IsOptional()
  @IsIn(AUDITED_TYPES)
  resource_type?: (typeof AUDITED_TYPES)[number];

  @IsOptional()
  @IsString()
  @MaxLength(64)
  resource_id?: string;

  @IsOptional()
  @IsString()
  @MaxLength(36)
  team_id?: string;

  /** Of who did it. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  user_id?: string;

  /** Of who did it. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  user_email?: string;
}

export class AuditTrailDto {
  id: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  action: string;
  resource_type: string;
  resource_id: string;
  resource_name: string;
  /** Of what is in a team. */
  team_id: string | null;
  user_id: string | null;
  user_email: string;
  /** The `jti` of the credential. */
  token_jti: string | null;
  ip_address: string;
  user_agent: string;
  correlation_id: string;
  /** The members that were changed, as they were; null for what was made. */
  old_values: Values | null;
  /** As they are now; null for what was taken away. */
  new_values: Values | null;
}
