import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RegistrySettings } from '../registry.settings.js';
import { AcceptsBothCasings } from '../rows/accepts-both-casings.js';
import { ActivateQueryDto } from '../rows/dto/activate-query.dto.js';
import { DeletedDto } from '../rows/dto/deleted.dto.js';
import { ListQueryDto } from '../rows/dto/list-query.dto.js';
import { PromptDto, PromptPageDto, PromptStateDto, shownPrompt } from './dto/prompt.dto.js';
import { CreatePromptDto, UpdatePromptDto } from './dto/prompt-wish.dto.js';
import { PromptChange } from './kept-prompts/prompt-change.js';
import { PromptReader } from './prompt-reader.js';

@ApiTags('prompts')
@Controller('prompts')
export class PromptController {
  readonly #separator: string;

  constructor(
    private readonly prompts: PromptReader,
    private readonly changer: PromptChange,
    { nameSeparator }: RegistrySettings,
  ) {
    this.#separator = nameSeparator;
  }

  /** The prompts of all upstreams that the caller may see, newest first. */
  @Get()
  @Requires('prompts.read')
  async list(@Caller() caller: Principal, @Query() query: ListQueryDto): Promise<PromptDto[] | PromptPageDto> {
    const { rows, nextCursor } = await this.prompts.list(caller, query);
    const prompts = rows.map((row) => shownPrompt(row, this.#separator));
    return query.include_pagination ? { prompts, nextCursor } : prompts;
  }

  @Get(':promptId/info')
  @Requires('prompts.read')
  async info(@Caller() caller: Principal, @Param('promptId') id: string): Promise<PromptDto> {
    return shownPrompt(await this.prompts.get(caller, id), this.#separator);
  }

  /** Make a prompt that the gateway renders itself. */
  @Post()
  @HttpCode(200)
  @Requires('prompts.create')
  @AcceptsBothCasings('prompt')
  async create(@Caller() caller: Principal, @Body() body: CreatePromptDto): Promise<PromptDto> {
    return shownPrompt(await this.changer.create(caller, body), this.#separator);
  }

  /** Change what is given. Of an upstream's prompt that is how people read it, and its tags. */
  @Put(':promptId')
  @Requires('prompts.update')
  @AcceptsBothCasings('prompt')
  async update(
    @Caller() caller: Principal,
    @Param('promptId') id: string,
    @Body() body: UpdatePromptDto,
  ): Promise<PromptDto> {
    return shownPrompt(await this.changer.change(caller, id, body), this.#separator);
  }

  /** Remove a prompt that the gateway renders itself, from virtual servers too. An upstream's is 409. */
  @Delete(':promptId')
  @Requires('prompts.delete')
  async delete(@Caller() caller: Principal, @Param('promptId') id: string): Promise<DeletedDto> {
    const row = await this.changer.delete(caller, id);
    return { status: 'success', message: `Prompt ${row.id} deleted successfully` };
  }

  /** Enable or disable a prompt, also an upstream's; `toggle` is the older name. */
  @Post([':promptId/state', ':promptId/toggle'])
  @HttpCode(200)
  @Requires('prompts.update')
  async setState(
    @Caller() caller: Principal,
    @Param('promptId') id: string,
    @Query() { activate }: ActivateQueryDto,
  ): Promise<PromptStateDto> {
    const row = await this.changer.setEnabled(caller, id, activate);
    const message = `Prompt ${row.id} ${activate ? 'activated' : 'deactivated'}`;
    return { status: 'success', message, prompt: shownPrompt(row, this.#separator) };
  }
}
