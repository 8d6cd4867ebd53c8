import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { AcceptsBothCasings } from '../rows/accepts-both-casings.js';
import { ActivateQueryDto } from '../rows/dto/activate-query.dto.js';
import { DeletedDto } from '../rows/dto/deleted.dto.js';
import { ListQueryDto } from '../rows/dto/list-query.dto.js';
import { ServerDto, ServerPageDto } from './dto/server.dto.js';
import { CreateServerDto, UpdateServerDto } from './dto/server-wish.dto.js';
import type { ServerEntity } from './server.entity.js';
import { ServerChange } from './server-change.js';
import { ServerContents } from './server-contents.js';
import { ServerReader } from './server-reader.js';

@ApiTags('servers')
@Controller('servers')
export class ServerController {
  constructor(
    private readonly reader: ServerReader,
    private readonly contents: ServerContents,
    private readonly changer: ServerChange,
  ) {}

  /** Make a virtual server: an MCP endpoint of its own for chosen tools, resources and prompts. */
  @Post()
  @Requires('servers.create')
  @AcceptsBothCasings('server')
  async create(@Caller() caller: Principal, @Body() body: CreateServerDto): Promise<ServerDto> {
    return this.#shown(caller, await this.changer.create(caller, body));
  }

  /** The virtual servers that the caller may see, newest first. */
  @Get()
  @Requires('servers.read')
  async list(@Caller() caller: Principal, @Query() query: ListQueryDto): Promise<ServerDto[] | ServerPageDto> {
    const { rows, nextCursor } = await this.reader.list(caller, query);
    const servers = await this.contents.shown(caller, rows);
    return query.include_pagination ? { servers, nextCursor } : servers;
  }

  // A token's scope is compared with the parameter of this very name.
  @Get(':serverId')
  @Requires('servers.read')
  async get(@Caller() caller: Principal, @Param('serverId') id: string): Promise<ServerDto> {
    return this.#shown(caller, await this.reader.demand(caller, 'servers.read', id));
  }

  /** Change what is given; a list of items replaces the one before. */
  @Put(':serverId')
  @Requires('servers.update')
  @AcceptsBothCasings('server')
  async update(
    @Caller() caller: Principal,
    @Param('serverId') id: string,
    @Body() body: UpdateServerDto,
  ): Promise<ServerDto> {
    return this.#shown(caller, await this.changer.change(caller, id, body));
  }

  @Delete(':serverId')
  @Requires('servers.delete')
  async delete(@Caller() caller: Principal, @Param('serverId') id: string): Promise<DeletedDto> {
    const server = await this.changer.delete(caller, id);
    return { status: 'success', message: `Server ${server.id} deleted successfully` };
  }

  /** Enable or disable a virtual server; `toggle` is the older name. */
  @Post([':serverId/state', ':serverId/toggle'])
  @HttpCode(200)
  @Requires('servers.update')
  async setState(
    @Caller() caller: Principal,
    @Param('serverId') id: string,
    @Query() { activate }: ActivateQueryDto,
  ): Promise<ServerDto> {
    return this.#shown(caller, await this.changer.setEnabled(caller, id, activate));
  }

  async #shown(caller: Principal, row: ServerEntity): Promise<ServerDto> {
    const [shown] = await this.contents.shown(caller, [row]);
    if (!shown) throw new Error('a row was not shown');
    return shown;
  }
}
