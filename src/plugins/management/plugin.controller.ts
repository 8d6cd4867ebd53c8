import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Requires } from '../../http/route-policy.js';
import { ListPluginsDto, PluginListDto } from './dto/plugin.dto.js';
import { PluginCatalogue } from './plugin-catalogue.js';

@ApiTags('plugins')
@Controller('plugins')
export class PluginController {
  constructor(private readonly catalogue: PluginCatalogue) {}

  /** Which plugins there are, and which of them run; what they are configured with is for administrators. */
  @Get()
  @Requires('plugins.read')
  list(@Query() query: ListPluginsDto): PluginListDto {
    const list = this.catalogue.list(query);
    const plugins = list.plugins.map((plugin) => Object.assign(plugin, { config_summary: [] }));
    return Object.assign(list, { plugins, config_faults: [] });
  }
}
