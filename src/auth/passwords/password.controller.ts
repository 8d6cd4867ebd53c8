import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import type { Request } from 'express';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { Public, SignedIn } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { ChangeService } from './change.service.js';
import {
  ChangePasswordDto,
  ChangeRequiredPasswordDto,
  DoneDto,
  ForgotPasswordDto,
  OpenResetDto,
  ResetPasswordDto,
} from './dto/password.dto.js';
import { ResetService } from './reset.service.js';

const CHANGED = 'Password changed. All sessions have ended; sign in again.';

@ApiTags('authentication')
@Controller('auth/email')
@RateLimited('critical')
export class PasswordController {
  constructor(
    private readonly changes: ChangeService,
    private readonly resets: ResetService,
  ) {}

  /** Change the own password; every session of the account ends, this one too. */
  @Post('change-password')
  @HttpCode(200)
  @SignedIn({ beforePasswordChange: true })
  async change(
    @Caller() caller: Principal,
    @Body() { old_password, new_password }: ChangePasswordDto,
    @Req() { context }: Request,
  ): Promise<DoneDto> {
    await this.changes.ofCaller(caller, { old: old_password, new: new_password }, context);
    return { success: true, message: CHANGED };
  }

  /** Change a password that the sign-in no longer takes (403 with `X-Password-Change-Required`), then sign in with the new one. */
  @Post('change-password-required')
  @HttpCode(200)
  @Public('whoever must change a password first has no session; the old password is asked for as at the sign-in')
  async changeRequired(
    @Body() { email, old_password, new_password }: ChangeRequiredPasswordDto,
    @Req() { context }: Request,
  ): Promise<DoneDto> {
    await this.changes.ofStranger(email, { old: old_password, new: new_password }, context);
    return { success: true, message: CHANGED };
  }

  /** Ask for a new password by e-mail; the answer is the same whether or not there is such an account. */
  @Post('forgot-password')
  @HttpCode(200)
  @Public('whoever forgot the password has no credential')
  async forgot(@Body() { email }: ForgotPasswordDto, @Req() { context }: Request): Promise<DoneDto> {
    await this.resets.request(email, context.client);
    return { success: true, message: 'If there is such an account, a message is on its way to its address.' };
  }

  /** Whether the link of such an e-mail still works; asking uses nothing up. */
  @Get('reset-password/:token')
  @Public('the token is the credential')
  async openReset(@Param('token') token: string, @Req() { context }: Request): Promise<OpenResetDto> {
    const { expiresAt } = await this.resets.find(token, context.client);
    const message = 'POST new_password and confirm_password here to choose a new password.';
    return { success: true, message, expires_at: expiresAt.toISOString() };
  }

  /** Choose a new password; the token works once. */
  @Post('reset-password/:token')
  @HttpCode(200)
  @Public('the token is the credential')
  async reset(
    @Param('token') token: string,
    @Body() { new_password, confirm_password }: ResetPasswordDto,
    @Req() { context }: Request,
  ): Promise<DoneDto> {
    if (new_password !== confirm_password) {
      throw new GatewayError('bad_request', 'confirm_password must be the same as new_password');
    }
    await this.resets.complete(token, new_password, context.client);
    return { success: true, message: 'Password changed. Sign in with the new one.' };
  }
}
