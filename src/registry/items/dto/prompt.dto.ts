import { RegistryRowDto, shownRow } from '../../rows/dto/registry-row.dto.js';
import { overridden, readDefinition, textMember } from '../definition.js';
import type { ItemOfGateway } from '../item.repository.js';
import { declaredArguments } from '../kept-prompts/declared-arguments.js';
import { itemName, type ToolNaming } from '../tool-naming.js';
import type { PromptEntity } from '../prompt.entity.js';

export class PromptArgumentDto {
  name: string;
  description: string | null;
  required: boolean;
}

export class PromptDto extends RegistryRowDto {
  /** The name at `/mcp`: slug of the gateway, separator, slug of the prompt. */
  name: string;
  /** The name at the upstream. */
  originalName: string;
  displayName: string;
  title: string | null;
  description: string | null;
  arguments: PromptArgumentDto[];
  /** What the gateway renders; null for an upstream's. */
  template: string | null;
  /** Null for what the gateway keeps itself. */
  gatewayId: string | null;
  gatewaySlug: string | null;
  reachable: boolean;
}

export class PromptPageDto {
  prompts: PromptDto[];
  nextCursor?: string | undefined;
}

export class PromptStateDto {
  status: 'success';
  message: string;
  prompt: PromptDto;
}

export function shownPrompt(
  row: ItemOfGateway<PromptEntity>,
  separator: string,
  naming: ToolNaming = 'prefixed',
): PromptDto {
  const definition = overridden(readDefinition(row.definition), row.overrides);
  const title = textMember(definition, 'title');
  return {
    ...shownRow(row),
    enabled: row.enabled && row.gateway?.enabled !== false,
    name: itemName(naming, row.gateway?.slug ?? null, separator, row.upstreamName),
    originalName: row.upstreamName,
    displayName: title ?? row.upstreamName,
    title,
    description: textMember(definition, 'description'),
    arguments: declaredArguments(definition).map(({ description = null, ...argument }) => ({
      ...argument,
      description,
    })),
    template: textMember(row.kept ?? {}, 'template'),
    gatewayId: row.gatewayId,
    gatewaySlug: row.gateway?.slug ?? null,
    reachable: row.gateway?.reachable !== false,
  };
}
