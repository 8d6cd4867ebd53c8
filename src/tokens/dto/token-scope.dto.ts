import { Type } from 'class-transformer';
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

const PERMISSION = /^(\*|[a-zA-Z][a-zA-Z0-9_]*[.:]([a-zA-Z][a-zA-Z0-9_]*(:[a-zA-Z][a-zA-Z0-9_]*)?|\*))$/;
/** Of an IPv6 address with its prefix, an IPv4 one mapped into it. */
const LONGEST_BLOCK = 49;
const MOST_REQUESTS = 1_000_000_000;

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

export class UsageLimitsDto {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_REQUESTS)
  requests_per_hour?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_REQUESTS)
  requests_per_day?: number | null;
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
  @MaxLength(128, { each: true })
  @Matches(PERMISSION, { each: true, message: 'each permission must be *, category.name or category.*' })
  permissions?: string[];

  /** Addresses and CIDR blocks the token may be used from. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(LONGEST_BLOCK, { each: true })
  ip_restrictions?: string[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TimeRestrictionsDto)
  time_restrictions?: TimeRestrictionsDto;

  /** Requests in a window that begins with the first; each message of a batch counts. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => UsageLimitsDto)
  usage_limits?: UsageLimitsDto;

  /** Requests that may ever be made with the token. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_REQUESTS)
  max_uses?: number | null;
}
