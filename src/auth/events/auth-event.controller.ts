import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { OffsetPageDto } from '../../http/offset-page.dto.js';
import { Requires, SignedIn } from '../../http/route-policy.js';
import type { AuthEvent } from './auth-event.entity.js';
import { AuthEvents } from './auth-events.js';
import { AuthEventDto, ListEventsDto } from './dto/auth-event.dto.js';

@ApiTags('accounts')
@Controller('auth/email')
export class AuthEventController {
  constructor(private readonly events: AuthEvents) {}

  /** What happened to the caller's own account, newest first. */
  @Get('events')
  @SignedIn()
  async own(@Caller() caller: Principal, @Query() { limit, offset }: OffsetPageDto): Promise<AuthEventDto[]> {
    // Whence its owner signs in is more than a token was given that may only call tools.
    if (caller.restrictions.permissions) throw new GatewayError('access_denied', undefined, 'token_permission_scope');
    return (await this.events.page({ userEmail: caller.subject, limit, offset })).map(shown);
  }

  /** What happened to all accounts, newest first. */
  @Get('admin/events')
  @Requires('admin.user_management')
  async all(@Query() query: ListEventsDto): Promise<AuthEventDto[]> {
    const { user_email: userEmail, event_type: eventType, since, limit, offset } = query;
    const rows = await this.events.page({
      limit,
      offset,
      ...(userEmail !== undefined && { userEmail }),
      ...(eventType !== undefined && { eventType }),
      ...(since !== undefined && { since }),
    });
    return rows.map(shown);
  }
}

function shown(row: AuthEvent): AuthEventDto {
  return {
    id: row.id,
    timestamp: row.timestamp.toISOString(),
    user_email: row.userEmail,
    event_type: row.eventType,
    success: row.success,
    ip_address: row.ipAddress,
    user_agent: row.userAgent,
    failure_reason: row.failureReason,
    details: row.details,
  };
}
