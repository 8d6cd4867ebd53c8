import { Type } from 'class-transformer';
import { IsDate, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { OffsetPageDto } from '../../../http/offset-page.dto.js';
import { AUTH_EVENT_TYPES, type AuthEventType } from '../auth-events.js';

export class ListEventsDto extends OffsetPageDto {
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
  @IsDate({ message: 'since must be an ISO 8601 time' })
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
