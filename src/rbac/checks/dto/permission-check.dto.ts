import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { LogPageDto } from '../../../audit/dto/log-page.dto.js';
import { toBoolean } from '../../../http/to-boolean.js';

export class ListChecksDto extends LogPageDto {
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
