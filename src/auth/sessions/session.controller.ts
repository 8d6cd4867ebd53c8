import { Controller, Get, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { SignedIn } from '../../http/route-policy.js';
import { SessionCookies } from '../cookies/session-cookies.js';
import { CsrfTokenDto, LoggedOutDto, RefreshedDto, ValidationDto } from './dto/session.dto.js';
import { SessionEnd } from './session-end.js';
import { SessionRefresh } from './session-refresh.js';
import { SessionReport } from './session-report.js';
import { TokenReuseFilter } from './token-reuse.filter.js';

/** What a caller does with the session of this request. */
@ApiTags('authentication')
@Controller('auth')
export class SessionController {
  constructor(
    private readonly refreshes: SessionRefresh,
    private readonly ends: SessionEnd,
    private readonly report: SessionReport,
    private readonly cookies: SessionCookies,
  ) {}

  /** Exchange a session token for a new one; the old one is revoked. Exchanging one twice ends the session. */
  @Post('refresh')
  @HttpCode(200)
  @SignedIn()
  @UseFilters(TokenReuseFilter)
  async refresh(
    @Caller() caller: Principal,
    @Req() { context }: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RefreshedDto> {
    const next = await this.refreshes.refresh(caller, context.client);
    const csrfToken = context.credential === 'cookie' ? this.cookies.set(response, next) : undefined;
    return {
      access_token: next.token,
      token_type: 'bearer',
      expires_in: next.expiresInSeconds,
      expires_at: next.expiresAt.toISOString(),
      ...(csrfToken !== undefined && { csrf_token: csrfToken }),
    };
  }

  /** End the session of this token and revoke it. */
  @Post('logout')
  @HttpCode(200)
  @SignedIn({ beforePasswordChange: true })
  async logout(
    @Caller() caller: Principal,
    @Req() { context }: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoggedOutDto> {
    const revoked = await this.ends.logout(caller, context.client);
    this.cookies.clear(response);
    return { message: 'Logged out successfully', revoked_token: revoked };
  }

  /** Whether the credential holds, until when, and how sessions are limited here. */
  @Get('validate')
  @SignedIn({ beforePasswordChange: true })
  validate(@Caller() caller: Principal): Promise<ValidationDto> {
    return this.report.of(caller);
  }

  /** The token that pages send back as `X-CSRF-Token` when they write with a cookie. */
  @Get('csrf-token')
  @SignedIn({ beforePasswordChange: true })
  csrfToken(@Caller() caller: Principal, @Res({ passthrough: true }) response: Response): CsrfTokenDto {
    const { kind, userId, tokenId: jti } = caller;
    if (kind !== 'session' || userId === null || jti === null)
      throw new GatewayError('session_required', 'Only the session of a person has a CSRF token');
    return { csrf_token: this.cookies.setCsrf(response, { userId, jti }) };
  }
}
