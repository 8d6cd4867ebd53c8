import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { AccessService } from '../../rbac/access.service.js';
import { PromptDto, shownPrompt } from '../items/dto/prompt.dto.js';
import { ResourceDto, shownResource } from '../items/dto/resource.dto.js';
import { shownTool, ToolDto } from '../items/dto/tool.dto.js';
import { PromptRepository } from '../items/prompt.repository.js';
import { ResourceRepository } from '../items/resource.repository.js';
import { ToolRepository } from '../items/tool.repository.js';
import { RegistrySettings } from '../registry.settings.js';
import { withChangeable } from '../rows/changeable.js';
import { ServerLinkRepository } from './server-link.repository.js';
import { ServerReader } from './server-reader.js';

/** What one virtual server offers, as far as the caller may see it. */
@ApiTags('servers')
@Controller('servers/:serverId')
export class ServerItemsController {
  readonly #separator: string;

  constructor(
    private readonly reader: ServerReader,
    private readonly links: ServerLinkRepository,
    private readonly tools: ToolRepository,
    private readonly resources: ResourceRepository,
    private readonly prompts: PromptRepository,
    private readonly access: AccessService,
    { nameSeparator }: RegistrySettings,
  ) {
    this.#separator = nameSeparator;
  }

  /** Its tools, under the names that its callers know. */
  @Get('tools')
  @Requires('tools.read')
  async listTools(@Caller() caller: Principal, @Param('serverId') id: string): Promise<ToolDto[]> {
    const server = await this.reader.demand(caller, 'servers.read', id);
    const rows = await this.tools.visibleByIds(caller, await this.links.itemIds('tools', server.id));
    return this.access
      .visible(caller, 'tools.read', rows)
      .map((row) => withChangeable(this.access, caller, 'tools.read', row))
      .map((row) => shownTool(row, this.#separator, server.toolNaming));
  }

  @Get('resources')
  @Requires('resources.read')
  async listResources(@Caller() caller: Principal, @Param('serverId') id: string): Promise<ResourceDto[]> {
    const server = await this.reader.demand(caller, 'servers.read', id);
    const rows = await this.resources.visibleByIds(caller, await this.links.itemIds('resources', server.id));
    return this.access
      .visible(caller, 'resources.read', rows)
      .map((row) => shownResource(withChangeable(this.access, caller, 'resources.read', row)));
  }

  /** Its prompts, under the names that its callers know. */
  @Get('prompts')
  @Requires('prompts.read')
  async listPrompts(@Caller() caller: Principal, @Param('serverId') id: string): Promise<PromptDto[]> {
    const server = await this.reader.demand(caller, 'servers.read', id);
    const rows = await this.prompts.visibleByIds(caller, await this.links.itemIds('prompts', server.id));
    return this.access
      .visible(caller, 'prompts.read', rows)
      .map((row) => withChangeable(this.access, caller, 'prompts.read', row))
      .map((row) => shownPrompt(row, this.#separator, server.toolNaming));
  }
}
