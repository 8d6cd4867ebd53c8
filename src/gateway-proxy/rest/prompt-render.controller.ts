import { isJsonObject } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RenderedPromptDto } from './dto/rendered-prompt.dto.js';
import { PromptFinder } from './prompt-finder.js';
import { RestCalls } from './rest-calls.js';

@ApiTags('prompts')
@Controller('prompts')
export class PromptRenderController {
  constructor(
    private readonly prompts: PromptFinder,
    private readonly calls: RestCalls,
  ) {}

  /** A prompt, by id or name, without arguments. */
  @Get(':promptId')
  @Requires('prompts.read')
  get(
    @Caller() caller: Principal,
    @Param('promptId') idOrName: string,
    @Req() request: Request,
  ): Promise<RenderedPromptDto> {
    return this.#render(caller, idOrName, {}, request);
  }

  /** A prompt, by id or name, with the arguments that the body holds, each a text. */
  @Post(':promptId')
  @HttpCode(200)
  @Requires('prompts.read')
  render(
    @Caller() caller: Principal,
    @Param('promptId') idOrName: string,
    @Body() args: Record<string, unknown> | undefined,
    @Req() request: Request,
  ): Promise<RenderedPromptDto> {
    return this.#render(caller, idOrName, args ?? {}, request);
  }

  async #render(caller: Principal, idOrName: string, args: Record<string, unknown>, request: Request) {
    const prompt = this.prompts.find(caller, idOrName);
    const name = prompt?.upstreamName ?? '';
    const question = {
      method: 'prompts/get',
      permission: 'prompts.read',
      targetName: name,
      params: { name, arguments: args },
    } as const;
    const unknown = `Prompt not found or disabled: ${idOrName}`;
    const { messages, description } = await this.calls.ask(caller, prompt, unknown, question, request);
    return {
      messages: Array.isArray(messages) ? messages.filter(isJsonObject) : [],
      description: typeof description === 'string' ? description : null,
    };
  }
}
