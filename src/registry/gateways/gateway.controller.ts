import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { AcceptsBothCasings } from '../rows/accepts-both-casings.js';
import { ActivateQueryDto } from '../rows/dto/activate-query.dto.js';
import { DeletedDto } from '../rows/dto/deleted.dto.js';
import { ListQueryDto } from '../rows/dto/list-query.dto.js';
import { GatewayDto, GatewayPageDto, GatewayStateDto } from './dto/gateway.dto.js';
import { CreateGatewayDto, UpdateGatewayDto } from './dto/gateway-wish.dto.js';
import { GatewayChange } from './gateway-change.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayReader } from './gateway-reader.js';
import { GatewayRegistration } from './gateway-registration.js';

@ApiTags('gateways')
@Controller('gateways')
export class GatewayController {
  constructor(
    private readonly registration: GatewayRegistration,
    private readonly reader: GatewayReader,
    private readonly changer: GatewayChange,
  ) {}

  /** Register an upstream MCP server with all that it offers. */
  @Post()
  @HttpCode(200)
  @Requires('gateways.create')
  @AcceptsBothCasings()
  async create(@Caller() caller: Principal, @Body() body: CreateGatewayDto): Promise<GatewayDto> {
    return this.#shown(await this.registration.register(caller, body));
  }

  /** The upstreams that the caller may see, newest first. */
  @Get()
  @Requires('gateways.read')
  async list(@Caller() caller: Principal, @Query() query: ListQueryDto): Promise<GatewayDto[] | GatewayPageDto> {
    const { rows, nextCursor } = await this.reader.list(caller, query);
    const gateways = await this.reader.shown(rows);
    return query.include_pagination ? { gateways, nextCursor } : gateways;
  }

  @Get(':gatewayId')
  @Requires('gateways.read')
  async get(@Caller() caller: Principal, @Param('gatewayId') id: string): Promise<GatewayDto> {
    return this.#shown(await this.reader.demand(caller, 'gateways.read', id));
  }

  /** Change what is given. Another address, credential or era is tried out first. */
  @Put(':gatewayId')
  @Requires('gateways.update')
  @AcceptsBothCasings()
  async update(
    @Caller() caller: Principal,
    @Param('gatewayId') id: string,
    @Body() body: UpdateGatewayDto,
  ): Promise<GatewayDto> {
    return this.#shown(await this.changer.change(caller, id, body));
  }

  /** Remove an upstream and all that it offers, from virtual servers too. */
  @Delete(':gatewayId')
  @Requires('gateways.delete')
  async delete(@Caller() caller: Principal, @Param('gatewayId') id: string): Promise<DeletedDto> {
    const gateway = await this.changer.delete(caller, id);
    return { status: 'success', message: `Gateway ${gateway.id} deleted successfully` };
  }

  /** Enable or disable an upstream; `toggle` is the older name. */
  @Post([':gatewayId/state', ':gatewayId/toggle'])
  @HttpCode(200)
  @Requires('gateways.update')
  async setState(
    @Caller() caller: Principal,
    @Param('gatewayId') id: string,
    @Query() { activate }: ActivateQueryDto,
  ): Promise<GatewayStateDto> {
    const gateway = await this.changer.setEnabled(caller, id, activate);
    const message = `Gateway ${gateway.id} ${activate ? 'activated' : 'deactivated'}`;
    return { status: 'success', message, gateway: await this.#shown(gateway) };
  }

  async #shown(row: GatewayEntity): Promise<GatewayDto> {
    const [shown] = await this.reader.shown([row]);
    if (!shown) throw new Error('a row was not shown');
    return shown;
  }
}
