import { RegistryRowDto, shownRow } from '../../rows/dto/registry-row.dto.js';
import { objectMember, readDefinition, textMember } from '../definition.js';
import type { ItemOfGateway } from '../item.repository.js';
import { itemName, type ToolNaming } from '../tool-naming.js';
import type { ToolEntity } from '../tool.entity.js';

export class ToolDto extends RegistryRowDto {
  /** The name at `/mcp`: slug of the gateway, separator, slug of the tool. */
  name: string;
  /** The name at the upstream. */
  originalName: string;
  displayName: string;
  title: string | null;
  description: string | null;
  /** Null for what the gateway keeps itself. */
  gatewayId: string | null;
  gatewaySlug: string | null;
  reachable: boolean;
  integrationType: 'MCP';
  requestType: 'STREAMABLEHTTP';
  inputSchema: object | null;
  outputSchema: object | null;
  annotations: object | null;
}

export class ToolPageDto {
  tools: ToolDto[];
  nextCursor?: string | undefined;
}

export function shownTool(row: ItemOfGateway<ToolEntity>, separator: string, naming: ToolNaming = 'prefixed'): ToolDto {
  const definition = readDefinition(row.definition);
  const annotations = objectMember(definition, 'annotations');
  const title = textMember(definition, 'title') ?? (annotations && textMember(annotations, 'title'));
  return {
    ...shownRow(row),
    enabled: row.enabled && row.gateway?.enabled !== false,
    name: itemName(naming, row.gateway?.slug ?? null, separator, row.upstreamName),
    originalName: row.upstreamName,
    displayName: title ?? row.upstreamName,
    title,
    description: textMember(definition, 'description'),
    gatewayId: row.gatewayId,
    gatewaySlug: row.gateway?.slug ?? null,
    reachable: row.gateway?.reachable !== false,
    integrationType: 'MCP',
    requestType: 'STREAMABLEHTTP',
    inputSchema: objectMember(definition, 'inputSchema'),
    outputSchema: objectMember(definition, 'outputSchema'),
    annotations,
  };
}
