import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsDate, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { toBoolean } from '../../../http/to-boolean.js';

export class ListChecksDto {
  @IsOptional()
  @IsString()
  @MaxLength(255)
  user_email?: string;

  /** Such as `tools.execute`. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  permission?: string;

  @IsOptional()
  @Transform(toBoolean)
  @IsBoolean()
  granted?: boolean;

  /** Such as `admin` or `not_visible`. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  reason?: string;

  /** Such as `tools`. */
  @IsOptional()
  @IsString()
  @MaxLength(32)
  resource_type?: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  resource_id?: string;

  @IsOptional()
  @IsString()
  @MaxLength(36)
  team_id?: string;

  /** ISO 8601; only decisions from then on. */
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'since must be an ISO 8601 time' })
  since?: Date;

  /** ISO 8601; only decisions from before. */
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'until must be an ISO 8601 time' })
  until?: Date;

  /** The `id` of the last row of the page before. */
  @IsOptional()
  @Matches(/^[0-9a-f]{32}$/, { message: 'cursor must be the id of a row' })
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;
}

export class PermissionCheckDto {
  id: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  correlation_id: string;
  user_email: string;
  /** The `jti` of the credential. */
  token_jti: string | null;
  permission: string;
  resource_type: string | null;
  resource_id: string | null;
  team_id: string | null;
  granted: boolean;
  reason: string;
  /** Names of the roles that were looked at. */
  roles_checked: string[];
  /** The policies that forbade it. */
  policies: string[] | null;
  ip_address: string;
  user_agent: string;
}
