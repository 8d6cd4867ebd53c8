import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { CallbackUrls } from '../callback-urls.js';
import { SsoEnabledGuard } from '../sso-enabled.guard.js';
import { CreateSsoProviderDto, SsoProviderDto, UpdateSsoProviderDto } from './dto/sso-provider.dto.js';
import { ProviderStore } from './provider-store.js';
import { shownProvider } from './shown-provider.js';
import type { SsoProvider } from './sso-provider.entity.js';
import { SsoProviderService } from './sso-provider.service.js';

@ApiTags('single sign-on')
@Controller('auth/sso/admin/providers')
@RateLimited('high')
@UseGuards(SsoEnabledGuard)
export class SsoProviderController {
  constructor(
    private readonly providers: SsoProviderService,
    private readonly store: ProviderStore,
    private readonly urls: CallbackUrls,
  ) {}

  /** Add an identity provider. Its secret is never shown again. */
  @Post()
  @HttpCode(200)
  @Requires('admin.sso_providers:create')
  async create(@Caller() caller: Principal, @Body() body: CreateSsoProviderDto): Promise<SsoProviderDto> {
    return this.#shown(await this.providers.create(caller, body));
  }

  /** Every identity provider, those that are switched off too, sorted by id. */
  @Get()
  @Requires('admin.sso_providers:read')
  async list(): Promise<SsoProviderDto[]> {
    return (await this.store.all()).map((row) => this.#shown(row));
  }

  @Get(':id')
  @Requires('admin.sso_providers:read')
  async get(@Param('id') id: string): Promise<SsoProviderDto> {
    return this.#shown(await this.store.get(id));
  }

  /** Change what is given. Switched off, or with another issuer, its sessions end. One that the settings name is as they say again after the next start. */
  @Put(':id')
  @Requires('admin.sso_providers:update')
  async update(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: UpdateSsoProviderDto,
  ): Promise<SsoProviderDto> {
    return this.#shown(await this.providers.update(caller, id, body));
  }

  /** Delete an identity provider. Its sessions end; the accounts that came from there stay, and can't sign in. */
  @Delete(':id')
  @HttpCode(204)
  @Requires('admin.sso_providers:delete')
  async delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    await this.providers.delete(caller, id);
  }

  #shown(row: SsoProvider): SsoProviderDto {
    return shownProvider(row, this.urls.of(row.id));
  }
}
