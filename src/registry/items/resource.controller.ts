import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { ListItemsQueryDto } from '../rows/dto/list-query.dto.js';
import { ResourceDto, ResourcePageDto, ResourceTemplatePageDto, shownResource } from './dto/resource.dto.js';
import { ResourceReader } from './resource-reader.js';

@ApiTags('resources')
@Controller('resources')
export class ResourceController {
  constructor(private readonly resources: ResourceReader) {}

  /** The resources of all upstreams that the caller may see, newest first. */
  @Get()
  @Requires('resources.read')
  async list(@Caller() caller: Principal, @Query() query: ListItemsQueryDto): Promise<ResourceDto[] | ResourcePageDto> {
    const { rows, nextCursor } = await this.resources.list(caller, query);
    const resources = rows.map(shownResource);
    return query.include_pagination ? { resources, nextCursor } : resources;
  }

  /** The templates of resources, newest first. */
  @Get('templates/list')
  @Requires('resources.read')
  async listTemplates(
    @Caller() caller: Principal,
    @Query() query: ListItemsQueryDto,
  ): Promise<ResourceTemplatePageDto> {
    const { rows, nextCursor } = await this.resources.listTemplates(caller, query);
    return { resourceTemplates: rows.map(shownResource), nextCursor };
  }

  /** What is known about a resource or template. */
  @Get(':resourceId/info')
  @Requires('resources.read')
  async info(@Caller() caller: Principal, @Param('resourceId') id: string): Promise<ResourceDto> {
    return shownResource(await this.resources.get(caller, id));
  }
}
