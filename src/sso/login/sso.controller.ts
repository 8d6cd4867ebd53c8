import { Controller, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiFoundResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { SessionCookies } from '../../auth/cookies/session-cookies.js';
import { SessionService } from '../../auth/sessions/session.service.js';
import { Public } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { CallbackUrls } from '../callback-urls.js';
import { ProviderStore } from '../providers/provider-store.js';
import { SsoEnabledGuard } from '../sso-enabled.guard.js';
import { SsoRefusal } from '../sso-refusal.js';
import { BrowserCookie } from './browser-cookie.js';
import { BeginSsoDto, BegunSsoDto, OfferedProviderDto } from './dto/sso-login.dto.js';
import { SsoCallback } from './sso-callback.js';
import { SsoStart } from './sso-start.js';

@ApiTags('single sign-on')
@Controller('auth/sso')
@UseGuards(SsoEnabledGuard)
export class SsoController {
  constructor(
    private readonly providers: ProviderStore,
    private readonly start: SsoStart,
    private readonly callbacks: SsoCallback,
    private readonly browser: BrowserCookie,
    private readonly cookies: SessionCookies,
    private readonly sessions: SessionService,
    private readonly urls: CallbackUrls,
  ) {}

  /** Where people may sign in. */
  @Get('providers')
  @Public('the page of the sign-in shows them')
  async offered(): Promise<OfferedProviderDto[]> {
    const rows = (await this.providers.all()).filter((row) => this.providers.isOpen(row));
    return rows.map(({ id, displayName }) => ({ id, name: id, display_name: displayName }));
  }

  /** Begin a sign-in in this browser; it has ten minutes to come back from the provider. */
  @Get('login/:provider')
  @Public('this is where a caller gets a credential')
  @RateLimited('critical')
  async login(
    @Param('provider') provider: string,
    @Query() { redirect_uri: redirectUri, scopes }: BeginSsoDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BegunSsoDto> {
    const browser = this.browser.set(response);
    const begun = await this.start.begin(provider, { redirectUri, scopes, browser });
    return { authorization_url: begun.authorizationUrl, state: begun.state };
  }

  /** Where providers send browsers back to. */
  @Get('callback/:provider')
  @Public('the provider says who comes')
  @RateLimited('high')
  @ApiFoundResponse({ description: 'To where the sign-in was to end, with its cookies; or to the page of the sign-in' })
  async callback(
    @Param('provider') providerId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    this.browser.clear(response);
    const url = new URL(this.urls.of(encodeURIComponent(providerId)));
    url.search = /\?.*$/s.exec(request.originalUrl)?.[0] ?? '';
    const browser = this.browser.of(request);
    try {
      const back = { providerId, url, browser, client: request.context.client };
      const { issued, redirectUri } = await this.callbacks.finish(back);
      if (this.cookies.set(response, issued) === undefined) {
        await this.sessions.end({ id: issued.sessionId }, 'token_too_large');
        throw new SsoRefusal('token_too_large', 'token_too_large');
      }
      response.redirect(302, redirectUri ?? this.urls.path('/admin'));
    } catch (error) {
      if (!(error instanceof SsoRefusal)) throw error;
      response.redirect(302, `${this.urls.path('/admin/login')}?error=${error.code}`);
    }
  }
}
