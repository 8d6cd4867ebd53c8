import type { Principal } from '#libs/policy';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { BindPluginsDto, PluginBindingDto, PluginBindingListDto, shownBinding } from './dto/plugin-binding.dto.js';
import type { PluginBinding } from './plugin-binding.entity.js';
import { PluginBindings } from './plugin-bindings.js';

@ApiTags('plugins')
@Controller('tools/plugin_bindings')
@RateLimited('high')
export class PluginBindingController {
  constructor(private readonly bindings: PluginBindings) {}

  /** Say which plugins run for which tools of teams. A binding of the same team, tool and plugin is made anew. */
  @Post()
  @HttpCode(200)
  @Requires('tools.manage_plugins')
  async bind(@Caller() caller: Principal, @Body() body: BindPluginsDto): Promise<PluginBindingListDto> {
    return listOf(await this.bindings.bind(caller, body));
  }

  /** The bindings of all teams that the caller sees. */
  @Get()
  @Requires('tools.read')
  async list(@Caller() caller: Principal): Promise<PluginBindingListDto> {
    return listOf(await this.bindings.list(caller));
  }

  /** The bindings of one team. */
  @Get(':teamId')
  @Requires('tools.read')
  async ofTeam(@Caller() caller: Principal, @Param('teamId') teamId: string): Promise<PluginBindingListDto> {
    return listOf(await this.bindings.list(caller, teamId));
  }

  @Delete(':bindingId')
  @Requires('tools.manage_plugins')
  async unbind(@Caller() caller: Principal, @Param('bindingId') id: string): Promise<PluginBindingDto> {
    return shownBinding(await this.bindings.unbind(caller, id));
  }
}

const listOf = (rows: readonly PluginBinding[]): PluginBindingListDto => ({
  bindings: rows.map(shownBinding),
  total: rows.length,
});
