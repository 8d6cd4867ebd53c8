import type { SenderConstraint } from '#libs/policy';
import { CollisionDto } from '../../rows/dto/collision.dto.js';
import { RegistryRowDto, shownRow } from '../../rows/dto/registry-row.dto.js';
import type { ToolNaming } from '../../items/tool-naming.js';
import type { ServerEntity } from '../server.entity.js';
import type { ToolSearch } from '../tool-search.js';
import { OauthConfigDto } from './server-wish.dto.js';

export class ServerDto extends RegistryRowDto {
  name: string;
  description: string;
  toolNaming: ToolNaming;
  /** Whether `tools/list` holds all tools, or two to search them with. */
  toolSearch: ToolSearch;
  /** The names by which this server's callers know its tools; of what the caller may see, like all that follows. */
  associatedTools: string[];
  associatedToolIds: string[];
  /** URIs and URI templates. */
  associatedResources: string[];
  associatedResourceIds: string[];
  associatedPrompts: string[];
  associatedPromptIds: string[];
  /** Always empty: there are no agents yet. */
  associatedA2aAgents: string[];
  /** The URL of a picture, https or data. */
  icon: string | null;
  /** Names and URIs that two of its items want, the first hundred. */
  collisions: CollisionDto[];
  /** Whether the endpoint takes access tokens of external issuers. */
  oauthEnabled: boolean;
  oauthConfig: OauthConfigDto | null;
  /** To what the tokens of its callers must be bound: `none`, `dpop`, `mtls`, or `any` of the two. */
  senderConstrained: SenderConstraint;
}

export class ServerPageDto {
  servers: ServerDto[];
  nextCursor?: string | undefined;
}

export interface NamedItem {
  readonly id: string;
  readonly name: string;
}

export interface NamedItems {
  readonly tools: readonly NamedItem[];
  readonly resources: readonly NamedItem[];
  readonly prompts: readonly NamedItem[];
}

export function shownServer(
  row: ServerEntity,
  { tools, resources, prompts }: NamedItems,
  collisions: CollisionDto[],
): ServerDto {
  const { name, description, toolNaming, toolSearch, icon, oauthEnabled, oauthConfig, senderConstrained } = row;
  return {
    ...shownRow(row),
    name,
    description,
    toolNaming,
    toolSearch,
    associatedTools: tools.map((tool) => tool.name),
    associatedToolIds: tools.map(({ id }) => id),
    associatedResources: resources.map((resource) => resource.name),
    associatedResourceIds: resources.map(({ id }) => id),
    associatedPrompts: prompts.map((prompt) => prompt.name),
    associatedPromptIds: prompts.map(({ id }) => id),
    associatedA2aAgents: [],
    icon,
    collisions,
    oauthEnabled,
    oauthConfig: oauthConfig && { authorization_servers: [...oauthConfig.authorization_servers] },
    senderConstrained,
  };
}
