import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { Public, SignedIn } from '../http/route-policy.js';
import { AuthenticationDto, LoginDto, UserDto } from './dto/login.dto.js';
import { LoginService } from './login.service.js';
import type { User } from './user.entity.js';
import { UserRepository } from './user.repository.js';

@ApiTags('authentication')
@Controller('auth')
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly users: UserRepository,
  ) {}

  /** Sign in and get a session token. */
  @Post(['login', 'email/login'])
  @HttpCode(200)
  @Public('this is where a caller gets a credential')
  async login(@Body() body: LoginDto): Promise<AuthenticationDto> {
    const email = body.email ?? body.username;
    if (!email?.includes('@')) throw new GatewayError('bad_request', 'email must be an e-mail address');
    const { user, issued } = await this.logins.signIn(email, body.password);
    return { access_token: issued.token, token_type: 'bearer', expires_in: issued.expiresInSeconds, user: shown(user) };
  }

  /** The account of the caller. */
  @Get('email/me')
  @SignedIn()
  async me(@Caller() caller: Principal): Promise<UserDto> {
    const user = await this.users.byEmail(caller.subject);
    if (!user) throw new GatewayError('not_found', 'The caller has no account in the database');
    return shown(user);
  }
}

function shown(user: User): UserDto {
  return {
    email: user.email,
    full_name: user.fullName,
    is_admin: user.isAdmin,
    is_active: user.isActive,
    auth_provider: user.authProvider,
    created_at: user.createdAt.toISOString(),
    last_login: user.lastLogin?.toISOString() ?? null,
    email_verified: user.emailVerified,
    password_change_required: user.passwordChangeRequired,
  };
}
