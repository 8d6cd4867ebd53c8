import { RegistryRowDto, shownRow } from '../../rows/dto/registry-row.dto.js';
import { objectMember, overridden, readDefinition, textMember } from '../definition.js';
import type { ItemOfGateway } from '../item.repository.js';
import type { ResourceEntity } from '../resource.entity.js';

export class ResourceDto extends RegistryRowDto {
  /** The URI, or the URI template. */
  uri: string;
  /** The URI template; null for a resource. */
  uriTemplate: string | null;
  name: string;
  title: string | null;
  description: string | null;
  mimeType: string | null;
  /** Bytes, where the upstream says so. */
  size: number | null;
  annotations: object | null;
  /** Null for what the gateway keeps itself. */
  gatewayId: string | null;
  gatewaySlug: string | null;
  reachable: boolean;
}

export class ResourcePageDto {
  resources: ResourceDto[];
  nextCursor?: string | undefined;
}

export class ResourceTemplatePageDto {
  resourceTemplates: ResourceDto[];
  nextCursor?: string | undefined;
}

export class ResourceStateDto {
  status: 'success';
  message: string;
  resource: ResourceDto;
}

export function shownResource(row: ItemOfGateway<ResourceEntity>): ResourceDto {
  const definition = overridden(readDefinition(row.definition), row.overrides);
  const { size } = definition;
  return {
    ...shownRow(row),
    enabled: row.enabled && row.gateway?.enabled !== false,
    uri: row.upstreamName,
    uriTemplate: row.isTemplate ? row.upstreamName : null,
    name: textMember(definition, 'name') ?? row.upstreamName,
    title: textMember(definition, 'title'),
    description: textMember(definition, 'description'),
    mimeType: textMember(definition, 'mimeType'),
    size: typeof size === 'number' ? size : null,
    annotations: objectMember(definition, 'annotations'),
    gatewayId: row.gatewayId,
    gatewaySlug: row.gateway?.slug ?? null,
    reachable: row.gateway?.reachable !== false,
  };
}
