import type { Principal } from '#libs/policy';
import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { PluginLoader } from '../config/plugin-loader.js';
import { PluginsSettings } from '../plugins.settings.js';
import {
  ListPluginsDto,
  PluginDto,
  PluginListDto,
  PluginStatisticsListDto,
  SetPluginModeDto,
  SwitchPluginsDto,
} from './dto/plugin.dto.js';
import { PluginCatalogue } from './plugin-catalogue.js';
import { PluginControls } from './plugin-controls.js';

@ApiTags('plugins')
@Controller('admin/plugins')
@RateLimited('high')
export class PluginAdminController {
  constructor(
    private readonly catalogue: PluginCatalogue,
    private readonly controls: PluginControls,
    private readonly loader: PluginLoader,
    private readonly settings: PluginsSettings,
  ) {}

  @Get()
  @Requires('admin.plugins')
  list(@Query() query: ListPluginsDto): PluginListDto {
    return this.catalogue.list(query);
  }

  /** How often plugins ran at this replica, what came of it, and how long it took. */
  @Get('stats')
  @Requires('admin.plugins')
  statistics(): PluginStatisticsListDto {
    return { plugins: this.catalogue.statistics() };
  }

  @Get(':name')
  @Requires('admin.plugins')
  get(@Param('name') name: string): PluginDto {
    return this.catalogue.get(name);
  }

  /** Switch all plugins off, or on again, on all replicas. */
  @Put()
  @Requires('admin.plugins')
  async switch(@Caller() caller: Principal, @Body() { enabled }: SwitchPluginsDto): Promise<PluginListDto> {
    this.#demandEnabled();
    await this.controls.write(caller, (now) => ({ ...now, enabled }));
    await this.loader.settled();
    return this.catalogue.list({});
  }

  /** Change the mode of a plugin on all replicas, or go back to that of the file. */
  @Put(':name')
  @Requires('admin.plugins')
  async setMode(
    @Caller() caller: Principal,
    @Param('name') name: string,
    @Body() { mode }: SetPluginModeDto,
  ): Promise<PluginDto> {
    this.#demandEnabled();
    const { kind } = this.catalogue.get(name);
    const faults = mode === null || mode === 'disabled' ? [] : this.loader.faultsOf(name);
    if (faults.length > 0) throw new GatewayError('validation_failed', `${kind}: ${faults.join('; ')}`);
    await this.controls.write(caller, (now) => {
      const { [name]: _, ...others } = now.modes;
      return { ...now, modes: mode === null ? others : { ...others, [name]: mode } };
    });
    await this.loader.settled();
    return this.catalogue.get(name);
  }

  #demandEnabled(): void {
    if (!this.settings.enabled) throw new GatewayError('conflict', 'PLUGINS_ENABLED is off, so no plugin runs');
  }
}
