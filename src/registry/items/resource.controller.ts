import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { AcceptsBothCasings } from '../rows/accepts-both-casings.js';
import { ActivateQueryDto } from '../rows/dto/activate-query.dto.js';
import { DeletedDto } from '../rows/dto/deleted.dto.js';
import { ListQueryDto } from '../rows/dto/list-query.dto.js';
import {
  ResourceDto,
  ResourcePageDto,
  ResourceStateDto,
  ResourceTemplatePageDto,
  shownResource,
} from './dto/resource.dto.js';
import { CreateResourceDto, UpdateResourceDto } from './dto/resource-wish.dto.js';
import { ResourceChange } from './kept-resources/resource-change.js';
import { ResourceReader } from './resource-reader.js';

@ApiTags('resources')
@Controller('resources')
export class ResourceController {
  constructor(
    private readonly resources: ResourceReader,
    private readonly changer: ResourceChange,
  ) {}

  /** The resources of all upstreams that the caller may see, newest first. */
  @Get()
  @Requires('resources.read')
  async list(@Caller() caller: Principal, @Query() query: ListQueryDto): Promise<ResourceDto[] | ResourcePageDto> {
    const { rows, nextCursor } = await this.resources.list(caller, query);
    const resources = rows.map(shownResource);
    return query.include_pagination ? { resources, nextCursor } : resources;
  }

  /** The templates of resources, newest first. */
  @Get('templates/list')
  @Requires('resources.read')
  async listTemplates(@Caller() caller: Principal, @Query() query: ListQueryDto): Promise<ResourceTemplatePageDto> {
    const { rows, nextCursor } = await this.resources.listTemplates(caller, query);
    return { resourceTemplates: rows.map(shownResource), nextCursor };
  }

  /** What is known about a resource or template. */
  @Get(':resourceId/info')
  @Requires('resources.read')
  async info(@Caller() caller: Principal, @Param('resourceId') id: string): Promise<ResourceDto> {
    return shownResource(await this.resources.get(caller, id));
  }

  /** Make a resource that the gateway keeps itself. */
  @Post()
  @HttpCode(200)
  @Requires('resources.create')
  @AcceptsBothCasings('resource')
  async create(@Caller() caller: Principal, @Body() body: CreateResourceDto): Promise<ResourceDto> {
    return shownResource(await this.changer.create(caller, body));
  }

  /** Change what is given. Of an upstream's resource that is how people read it, and its tags. */
  @Put(':resourceId')
  @Requires('resources.update')
  @AcceptsBothCasings('resource')
  async update(
    @Caller() caller: Principal,
    @Param('resourceId') id: string,
    @Body() body: UpdateResourceDto,
  ): Promise<ResourceDto> {
    return shownResource(await this.changer.change(caller, id, body));
  }

  /** Remove a resource that the gateway keeps itself, from virtual servers too. An upstream's is 409. */
  @Delete(':resourceId')
  @Requires('resources.delete')
  async delete(@Caller() caller: Principal, @Param('resourceId') id: string): Promise<DeletedDto> {
    const row = await this.changer.delete(caller, id);
    return { status: 'success', message: `Resource ${row.id} deleted successfully` };
  }

  /** Enable or disable a resource, also an upstream's; `toggle` is the older name. */
  @Post([':resourceId/state', ':resourceId/toggle'])
  @HttpCode(200)
  @Requires('resources.update')
  async setState(
    @Caller() caller: Principal,
    @Param('resourceId') id: string,
    @Query() { activate }: ActivateQueryDto,
  ): Promise<ResourceStateDto> {
    const row = await this.changer.setEnabled(caller, id, activate);
    const message = `Resource ${row.id} ${activate ? 'activated' : 'deactivated'}`;
    return { status: 'success', message, resource: shownResource(row) };
  }
}
