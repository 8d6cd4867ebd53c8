import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';

const PERMISSION = /^(\*|[a-zA-Z][a-zA-Z0-9_]*[.:]([a-zA-Z][a-zA-Z0-9_]*|\*))$/;

export class TimeRestrictionsDto {
  /** 09:00 to 17:00 UTC. */
  @IsOptional()
  @IsBoolean()
  business_hours_only?: boolean;

  /** Monday to Friday UTC. */
  @IsOptional()
  @IsBoolean()
  weekdays_only?: boolean;
}

export class TokenScopeDto {
  /** The one virtual server that the token opens. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(36)
  server_id?: string | null;

  /** What the token may do at most; empty means all that its user may. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(PERMISSION, { each: true, message: 'each permission must be *, category.name or category.*' })
  permissions?: string[];

  /** Addresses and CIDR blocks the token may be used from. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  ip_restrictions?: string[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TimeRestrictionsDto)
  time_restrictions?: TimeRestrictionsDto;
}

export class CreateApiTokenDto {
  @IsString()
  @Matches(/\S/, { message: 'name must not be blank' })
  @Matches(/^\P{Cc}*$/u, { message: 'name must not contain control characters' })
  @MaxLength(100)
  name: string;

  @IsOptional()
  @IsString()
  @MaxLength(1000)
  description?: string;

  /** Days until it expires; required while REQUIRE_TOKEN_EXPIRATION is on. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  expires_in_days?: number;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TokenScopeDto)
  scope?: TokenScopeDto;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  tags?: string[];
}

export class ListApiTokensDto {
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  include_inactive = false;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset = 0;
}

export class RevokeApiTokenDto {
  @IsOptional()
  @IsString()
  @MaxLength(255)
  reason?: string;
}

export class ApiTokenDto {
  id: string;
  name: string;
  description: string | null;
  user_email: string;
  team_id: string | null;
  server_id: string | null;
  resource_scopes: string[];
  ip_restrictions: string[];
  time_restrictions: Record<string, boolean>;
  /** ISO 8601, UTC. */
  created_at: string;
  expires_at: string | null;
  is_active: boolean;
  tags: string[];
}

export class CreatedApiTokenDto {
  token: ApiTokenDto;
  /** Shown this once. */
  access_token: string;
}

export class ApiTokenListDto {
  tokens: ApiTokenDto[];
  total: number;
  limit: number;
  offset: number;
}
