import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { CatalogReader } from '../catalog/catalog.js';
import { RegistrySettings } from '../registry.settings.js';
import { AcceptsBothCasings } from '../rows/accepts-both-casings.js';
import { ActivateQueryDto } from '../rows/dto/activate-query.dto.js';
import { DeletedDto } from '../rows/dto/deleted.dto.js';
import { shownTool, ToolDto, ToolPageDto, ToolStateDto } from './dto/tool.dto.js';
import { ListToolsQueryDto } from './kept-tools/dto/list-tools-query.dto.js';
import { CreateToolDto, UpdateToolDto } from './kept-tools/dto/tool-wish.dto.js';
import { ListFilter } from './kept-tools/list-filter.js';
import { type Tool, ToolChange } from './kept-tools/tool-change.js';
import { ToolReader } from './tool-reader.js';

@ApiTags('tools')
@Controller('tools')
export class ToolController {
  readonly #separator: string;

  constructor(
    private readonly tools: ToolReader,
    private readonly changer: ToolChange,
    private readonly catalog: CatalogReader,
    { nameSeparator }: RegistrySettings,
  ) {
    this.#separator = nameSeparator;
  }

  /** Make a tool that the gateway calls itself, over HTTP. The body may be wrapped: `{"tool": {…}}`. */
  @Post()
  @HttpCode(200)
  @Requires('tools.create')
  @AcceptsBothCasings('tool')
  async create(@Caller() caller: Principal, @Body() body: CreateToolDto): Promise<ToolDto> {
    return this.#shown(await this.changer.create(caller, body));
  }

  /** The tools that the caller may see, of upstreams and kept here, newest first. With `apijsonpath`, what it finds. */
  @Get()
  @Requires('tools.read')
  async list(@Caller() caller: Principal, @Query() query: ListToolsQueryDto): Promise<ToolDto[] | ToolPageDto> {
    const filter = query.apijsonpath === undefined ? undefined : ListFilter.parse(query.apijsonpath);
    const { rows, nextCursor } = await this.tools.list(caller, query);
    const all = rows.map((row) => this.#shown(row));
    const tools = filter ? (filter.of(all) as ToolDto[]) : all;
    return query.include_pagination ? { tools, nextCursor } : tools;
  }

  @Get(':toolId')
  @Requires('tools.read')
  async get(@Caller() caller: Principal, @Param('toolId') id: string): Promise<ToolDto> {
    return this.#shown(await this.tools.get(caller, id));
  }

  /** Change what is given; of an upstream's tool `displayName`, `description` and `tags`. */
  @Put(':toolId')
  @Requires('tools.update')
  @AcceptsBothCasings('tool')
  async update(
    @Caller() caller: Principal,
    @Param('toolId') id: string,
    @Body() body: UpdateToolDto,
  ): Promise<ToolDto> {
    return this.#shown(await this.changer.change(caller, id, body));
  }

  /** Remove a tool that the gateway keeps, from virtual servers too. */
  @Delete(':toolId')
  @Requires('tools.delete')
  async delete(@Caller() caller: Principal, @Param('toolId') id: string): Promise<DeletedDto> {
    const tool = await this.changer.delete(caller, id);
    return { status: 'success', message: `Tool ${tool.id} deleted successfully` };
  }

  /** Enable or disable a tool; `toggle` is the older name. */
  @Post([':toolId/state', ':toolId/toggle'])
  @HttpCode(200)
  @Requires('tools.update')
  async setState(
    @Caller() caller: Principal,
    @Param('toolId') id: string,
    @Query() { activate }: ActivateQueryDto,
  ): Promise<ToolStateDto> {
    const tool = await this.changer.setEnabled(caller, id, activate);
    const message = `Tool ${tool.id} ${activate ? 'activated' : 'deactivated'}`;
    return { status: 'success', message, tool: this.#shown(tool) };
  }

  #shown(row: Tool): ToolDto {
    const standing = this.catalog.current.standings.get(row.id);
    return Object.assign(shownTool(row, this.#separator), standing !== undefined && { standing });
  }
}
