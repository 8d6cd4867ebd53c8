import { Controller, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Principal } from '#libs/policy';
import { ownerOf } from '../../auth/sessions/session-end.js';
import { SessionRepository } from '../../auth/sessions/session.repository.js';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { SignedIn } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { SsoEnabledGuard } from '../sso-enabled.guard.js';
import { BrowserCookie } from './browser-cookie.js';
import { BegunSsoDto } from './dto/sso-login.dto.js';
import { SsoStart } from './sso-start.js';

/** Whoever finds a browser unattended has so long, milliseconds. */
const FRESH_MS = 5 * 60_000;

@ApiTags('single sign-on')
@Controller('auth/sso')
@UseGuards(SsoEnabledGuard)
export class SsoLinkController {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly start: SsoStart,
    private readonly browser: BrowserCookie,
  ) {}

  /** Bind the own account to an identity: sign in with the password, and within five minutes at the provider. */
  @Post('link/:provider')
  @HttpCode(200)
  @SignedIn()
  @RateLimited('critical')
  async link(
    @Caller() caller: Principal,
    @Param('provider') provider: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BegunSsoDto> {
    const linkUserId = ownerOf(caller);
    const session = caller.sessionId === undefined ? null : await this.sessions.byId(caller.sessionId);
    const fresh = session && session.authProvider === 'local' && Date.now() - session.startedAt.getTime() < FRESH_MS;
    if (!fresh) throw new GatewayError('session_required', 'Sign in with your password first', 'not_fresh');
    const browser = this.browser.set(response);
    const wish = { redirectUri: undefined, scopes: undefined, browser, linkUserId };
    const begun = await this.start.begin(provider, wish);
    return { authorization_url: begun.authorizationUrl, state: begun.state };
  }
}
