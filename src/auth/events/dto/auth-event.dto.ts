import { Type } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AUTH_EVENT_TYPES, type AuthEventType } from '../auth-events.js';

export class ListOwnEventsDto {
  /** Rows of one page, 1 to 500. */
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
  @Max(100_000)
  offset = 0;
}

export class ListEventsDto extends ListOwnEventsDto {
  /** Only what happened to this account. */
  @IsOptional()
  @IsString()
  @MaxLength(191)
  user_email?: string;

  @IsOptional()
  @IsIn(AUTH_EVENT_TYPES)
  event_type?: AuthEventType;

  /** ISO 8601; only events from then on. */
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  since?: Date;
}

export class AuthEventDto {
  id: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  user_email: string;
  event_type: string;
  success: boolean;
  ip_address: string;
  user_agent: string;
  failure_reason: string | null;
  details: object | null;
}
