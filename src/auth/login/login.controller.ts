import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { Public, SignedIn } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { SessionCookies } from '../cookies/session-cookies.js';
import { shownUser } from '../accounts/shown-user.js';
import { AuthenticationDto, LoginDto, UserDto } from './dto/login.dto.js';
import { LoginService } from './login.service.js';
import { UserRepository } from '../accounts/user.repository.js';

@ApiTags('authentication')
@Controller('auth')
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly users: UserRepository,
    private readonly cookies: SessionCookies,
  ) {}

  /** Sign in and get a session token. */
  @Post(['login', 'email/login'])
  @HttpCode(200)
  @Public('this is where a caller gets a credential')
  @RateLimited('critical')
  async login(
    @Body() body: LoginDto,
    @Req() { context }: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AuthenticationDto> {
    const email = body.email ?? body.username;
    if (!email?.includes('@')) throw new GatewayError('bad_request', 'email must be an e-mail address');
    const { user, issued } = await this.logins.signIn({ email, password: body.password }, context);
    if (body.cookie === true) this.cookies.set(response, issued);
    return {
      access_token: issued.token,
      token_type: 'bearer',
      expires_in: issued.expiresInSeconds,
      user: shownUser(user),
    };
  }

  /** The account of the caller. */
  @Get('email/me')
  @SignedIn({ beforePasswordChange: true })
  async me(@Caller() caller: Principal): Promise<UserDto> {
    const user = await this.users.byEmail(caller.subject);
    if (!user) throw new GatewayError('not_found', 'The caller has no account in the database');
    return shownUser(user);
  }
}
