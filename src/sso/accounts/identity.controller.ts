import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { SsoEnabledGuard } from '../sso-enabled.guard.js';
import { FederatedIdentityDto, FindIdentityDto, LinkIdentityDto } from './dto/identity.dto.js';
import { IdentityLinks, type Linked } from './identity-links.js';

@ApiTags('single sign-on')
@Controller('auth/sso/admin/identities')
@Requires('admin.user_management')
@RateLimited('high')
@UseGuards(SsoEnabledGuard)
export class IdentityController {
  constructor(private readonly links: IdentityLinks) {}

  /** The identity of an account at a provider, if it has one. */
  @Get()
  async find(@Query() { user_email: email }: FindIdentityDto): Promise<FederatedIdentityDto[]> {
    return (await this.links.of(email)).map(shown);
  }

  /** Bind an account to an identity: whoever signs in with that at its provider is this account. */
  @Post()
  async link(@Caller() caller: Principal, @Body() body: LinkIdentityDto): Promise<FederatedIdentityDto> {
    return shown(await this.links.link(caller, body));
  }

  /** Unbind an account; its sessions from there end. */
  @Delete(':id')
  @HttpCode(204)
  async unlink(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    await this.links.unlink(caller, id);
  }
}

const shown = ({ identity, email }: Linked): FederatedIdentityDto => ({
  id: identity.id,
  user_email: email,
  provider_id: identity.providerId,
  issuer: identity.issuer,
  subject: identity.subject,
  linked_by: identity.linkedBy,
  created_at: identity.createdAt.toISOString(),
});
