import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RegistrySettings } from '../registry.settings.js';
import { ListItemsQueryDto } from '../rows/dto/list-query.dto.js';
import { shownTool, ToolDto, ToolPageDto } from './dto/tool.dto.js';
import { ToolReader } from './tool-reader.js';

@ApiTags('tools')
@Controller('tools')
export class ToolController {
  readonly #separator: string;

  constructor(
    private readonly tools: ToolReader,
    { nameSeparator }: RegistrySettings,
  ) {
    this.#separator = nameSeparator;
  }

  /** The tools of all upstreams that the caller may see, newest first. */
  @Get()
  @Requires('tools.read')
  async list(@Caller() caller: Principal, @Query() query: ListItemsQueryDto): Promise<ToolDto[] | ToolPageDto> {
    const { rows, nextCursor } = await this.tools.list(caller, query);
    const tools = rows.map((row) => shownTool(row, this.#separator));
    return query.include_pagination ? { tools, nextCursor } : tools;
  }

  @Get(':toolId')
  @Requires('tools.read')
  async get(@Caller() caller: Principal, @Param('toolId') id: string): Promise<ToolDto> {
    return shownTool(await this.tools.get(caller, id), this.#separator);
  }
}
