import { GatewayEntity } from './gateways/gateway.entity.js';
import { PromptEntity } from './items/prompt.entity.js';
import { ResourceContentPart } from './items/resource-content.entity.js';
import { ResourceEntity } from './items/resource.entity.js';
import { ToolEntity } from './items/tool.entity.js';
import { GlobalConfig } from './passthrough/global-config.entity.js';
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
  ResourceContentPart,
  GlobalConfig,
] as const;
