import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { principalOf } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { DoneDto } from '../passwords/dto/password.dto.js';
import { UserDto } from '../login/dto/login.dto.js';
import { shownUser } from './shown-user.js';
import { AccountCreation } from './account-creation.js';
import { AccountEdits } from './account-edits.js';
import { AccountRemoval } from './account-removal.js';
import { AccountService } from './account.service.js';
import type { Actor } from './actor.js';
import { AccountListDto, ChangeAccountDto, CreateAccountDto, ListAccountsDto } from './dto/account.dto.js';

@ApiTags('accounts')
@Controller('auth/email/admin/users')
@Requires('admin.user_management')
@RateLimited('high')
export class AccountController {
  constructor(
    private readonly accounts: AccountService,
    private readonly creation: AccountCreation,
    private readonly edits: AccountEdits,
    private readonly removal: AccountRemoval,
  ) {}

  /** Accounts, sorted by e-mail. */
  @Get()
  async list(@Query() query: ListAccountsDto): Promise<AccountListDto> {
    const { search, is_active: isActive, is_admin: isAdmin, limit, offset } = query;
    const [users, total_count] = await this.accounts.list({
      limit,
      offset,
      ...(search !== undefined && { search }),
      ...(isActive !== undefined && { isActive }),
      ...(isAdmin !== undefined && { isAdmin }),
    });
    return { users: users.map(shownUser), total_count, limit, offset };
  }

  /** Make an account; its owner has to change the password before the first sign-in unless the body says otherwise. */
  @Post()
  async create(@Req() request: Request, @Body() body: CreateAccountDto): Promise<UserDto> {
    return shownUser(await this.creation.create(actorOf(request), body));
  }

  @Get(':email')
  async get(@Param('email') email: string): Promise<UserDto> {
    return shownUser(await this.accounts.get(email));
  }

  /** Change what is given. Who is demoted or deactivated is out at once. */
  @Patch(':email')
  async change(
    @Req() request: Request,
    @Param('email') email: string,
    @Body() body: ChangeAccountDto,
  ): Promise<UserDto> {
    return shownUser(await this.edits.change(actorOf(request), email, body));
  }

  /** The same as PATCH, under its older name. */
  @Put(':email')
  replace(@Req() request: Request, @Param('email') email: string, @Body() body: ChangeAccountDto): Promise<UserDto> {
    return this.change(request, email, body);
  }

  /** Delete an account with its tokens, sessions and memberships. */
  @Delete(':email')
  async remove(@Req() request: Request, @Param('email') email: string): Promise<DoneDto> {
    await this.removal.remove(actorOf(request), email);
    return { success: true, message: 'User deleted successfully' };
  }

  /** Open a locked account again. */
  @Post(':email/unlock')
  @HttpCode(200)
  async unlock(@Req() request: Request, @Param('email') email: string): Promise<DoneDto> {
    await this.accounts.unlock(actorOf(request), email);
    return { success: true, message: 'User unlocked successfully' };
  }
}

const actorOf = (request: Request): Actor => ({ caller: principalOf(request), client: request.context.client });
