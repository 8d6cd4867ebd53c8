import { GatewayEntity } from './gateways/gateway.entity.js';
import { PromptEntity } from './items/prompt.entity.js';
import { ResourceEntity } from './items/resource.entity.js';
import { ToolEntity } from './items/tool.entity.js';
import { ServerPrompt, ServerResource, ServerTool } from './servers/server-associations.entity.js';
import { ServerEntity } from './servers/server.entity.js';

export const REGISTRY_ENTITIES = [
  GatewayEntity,
  ToolEntity,
  ResourceEntity,
  PromptEntity,
  ServerEntity,
  ServerTool,
  ServerResource,
  ServerPrompt,
] as const;
