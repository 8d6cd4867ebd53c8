import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RegistrySettings } from '../registry.settings.js';
import { ListItemsQueryDto } from '../rows/dto/list-query.dto.js';
import { PromptDto, PromptPageDto, shownPrompt } from './dto/prompt.dto.js';
import { PromptReader } from './prompt-reader.js';

@ApiTags('prompts')
@Controller('prompts')
export class PromptController {
  readonly #separator: string;

  constructor(
    private readonly prompts: PromptReader,
    { nameSeparator }: RegistrySettings,
  ) {
    this.#separator = nameSeparator;
  }

  /** The prompts of all upstreams that the caller may see, newest first. */
  @Get()
  @Requires('prompts.read')
  async list(@Caller() caller: Principal, @Query() query: ListItemsQueryDto): Promise<PromptDto[] | PromptPageDto> {
    const { rows, nextCursor } = await this.prompts.list(caller, query);
    const prompts = rows.map((row) => shownPrompt(row, this.#separator));
    return query.include_pagination ? { prompts, nextCursor } : prompts;
  }

  @Get(':promptId/info')
  @Requires('prompts.read')
  async info(@Caller() caller: Principal, @Param('promptId') id: string): Promise<PromptDto> {
    return shownPrompt(await this.prompts.get(caller, id), this.#separator);
  }
}
