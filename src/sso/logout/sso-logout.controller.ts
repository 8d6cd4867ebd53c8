import { Body, Controller, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Principal } from '#libs/policy';
import { SessionCookies } from '../../auth/cookies/session-cookies.js';
import { SessionEnd } from '../../auth/sessions/session-end.js';
import { Caller } from '../../http/caller.js';
import { FormBody } from '../../http/form-body.js';
import { Public, SignedIn } from '../../http/route-policy.js';
import { LogoutTokenDto, SsoLogoutDto } from '../login/dto/sso-login.dto.js';
import { ProviderStore } from '../providers/provider-store.js';
import { SsoEnabledGuard } from '../sso-enabled.guard.js';
import { LogoutTokens } from './logout-tokens.js';
import { ProviderLogout } from './provider-logout.js';

@ApiTags('single sign-on')
@Controller('auth/sso')
@UseGuards(SsoEnabledGuard)
export class SsoLogoutController {
  constructor(
    private readonly ends: SessionEnd,
    private readonly atProvider: ProviderLogout,
    private readonly tokens: LogoutTokens,
    private readonly providers: ProviderStore,
    private readonly cookies: SessionCookies,
  ) {}

  /** End the session of this token, and say where the browser ends the one at the provider. */
  @Post('logout')
  @HttpCode(200)
  @SignedIn({ beforePasswordChange: true })
  async logout(
    @Caller() caller: Principal,
    @Req() { context }: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SsoLogoutDto> {
    const url = caller.sessionId === undefined ? null : await this.atProvider.urlOf(caller.sessionId);
    const revoked = await this.ends.logout(caller, context.client);
    this.cookies.clear(response);
    return { message: 'Logged out successfully', revoked_token: revoked, logout_url: url };
  }

  /** Back-channel logout: what the provider ended, ends here, on every replica. */
  @Post('backchannel-logout/:provider')
  @HttpCode(200)
  @Public('the provider signs what it says')
  @FormBody()
  @ApiConsumes('application/x-www-form-urlencoded')
  async backchannel(
    @Param('provider') provider: string,
    @Body() { logout_token: token }: LogoutTokenDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    await this.tokens.obey(await this.providers.open(provider), token);
  }
}
