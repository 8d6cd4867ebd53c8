import { Injectable } from '@nestjs/common';
import { normaliseId } from '../../http/normalise-id.js';
import type { Target } from '../../rbac/access.service.js';
import { type ResourceType, RowDirectory } from '../../rbac/explain/row-directory.js';
import { GatewayRepository } from '../gateways/gateway.repository.js';
import { PromptRepository } from '../items/prompt.repository.js';
import { ResourceRepository } from '../items/resource.repository.js';
import { ToolRepository } from '../items/tool.repository.js';
import { ServerRepository } from '../servers/server.repository.js';

/** The rows of the registry, by what they are. */
@Injectable()
export class RegistryDirectory extends RowDirectory {
  readonly #kinds: Readonly<Record<ResourceType, { find(id: string): Promise<Target | null | undefined> }>>;

  constructor(
    gateways: GatewayRepository,
    servers: ServerRepository,
    tools: ToolRepository,
    resources: ResourceRepository,
    prompts: PromptRepository,
  ) {
    super();
    this.#kinds = { gateways, servers, tools, resources, prompts };
  }

  async find(type: ResourceType, id: string): Promise<Target | undefined> {
    return (await this.#kinds[type].find(normaliseId(id))) ?? undefined;
  }
}
