import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { AuthenticationDto } from '../login/dto/login.dto.js';
import { SessionService } from '../sessions/session.service.js';
import { shownUser } from '../accounts/shown-user.js';
import { RegisterDto } from './dto/password.dto.js';
import { RegistrationService } from './registration.service.js';

@ApiTags('authentication')
@Controller('auth/email')
@RateLimited('critical')
export class RegistrationController {
  constructor(
    private readonly registrations: RegistrationService,
    private readonly sessions: SessionService,
  ) {}

  /** Make an account of one's own and get a session token, where PUBLIC_REGISTRATION_ENABLED is on. */
  @Post('register')
  @HttpCode(200)
  @Public('whoever registers has no account yet')
  async register(
    @Body() { email, password, full_name }: RegisterDto,
    @Req() { context }: Request,
  ): Promise<AuthenticationDto> {
    const account = { email, password, fullName: full_name ?? null };
    const user = await this.registrations.register(account, context.client);
    const { token, expiresInSeconds } = await this.sessions.start(user, context.client);
    return { access_token: token, token_type: 'bearer', expires_in: expiresInSeconds, user: shownUser(user) };
  }
}
