import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { TagListQueryDto, TagQueryDto } from './dto/tag-query.dto.js';
import { TaggedEntityDto, TagStatsDto } from './dto/tag-stats.dto.js';
import { TagReader } from './tag-reader.js';

@ApiTags('tags')
@Controller('tags')
export class TagController {
  constructor(private readonly tags: TagReader) {}

  /** The tags of everything enabled that the caller may see, by name, with how often each is given. */
  @Get()
  @Requires('tags.read')
  async list(@Caller() caller: Principal, @Query() query: TagListQueryDto): Promise<TagStatsDto[]> {
    return this.tags.list(caller, query);
  }

  /** What carries a tag, of what the caller may see; the first 500. */
  @Get(':name/entities')
  @Requires('tags.read')
  async entities(
    @Caller() caller: Principal,
    @Param('name') name: string,
    @Query() query: TagQueryDto,
  ): Promise<TaggedEntityDto[]> {
    return this.tags.entities(caller, name, query);
  }
}
