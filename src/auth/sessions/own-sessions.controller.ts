import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { SignedIn } from '../../http/route-policy.js';
import { EndedSessionsDto, SessionDto } from './dto/session.dto.js';
import { ownerOf, SessionEnd } from './session-end.js';
import { SessionService } from './session.service.js';

/** Where the caller is signed in. */
@ApiTags('authentication')
@Controller('auth/sessions')
export class OwnSessionsController {
  constructor(
    private readonly sessions: SessionService,
    private readonly ends: SessionEnd,
  ) {}

  /** The caller's sessions that have not ended, newest first, 200 at most. */
  @Get()
  @SignedIn()
  async list(@Caller() caller: Principal): Promise<SessionDto[]> {
    const rows = await this.sessions.running(ownerOf(caller));
    return rows.map((row) => ({
      id: row.id,
      ip_address: row.ipAddress,
      user_agent: row.userAgent,
      auth_provider: row.authProvider,
      started_at: row.startedAt.toISOString(),
      last_used_at: row.lastUsedAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
      current: row.id === caller.sessionId,
    }));
  }

  /** Sign out everywhere else. */
  @Delete()
  @SignedIn()
  async endOthers(@Caller() caller: Principal, @Req() { context }: Request): Promise<EndedSessionsDto> {
    return { ended: await this.ends.others(caller, context.client) };
  }

  /** Sign out in one place; its tokens are dead before this answers. */
  @Delete(':id')
  @HttpCode(204)
  @SignedIn()
  async end(@Caller() caller: Principal, @Param('id') id: string, @Req() { context }: Request): Promise<void> {
    await this.ends.one(caller, id, context.client);
  }
}
