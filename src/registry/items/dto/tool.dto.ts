import { IntersectionType } from '@nestjs/swagger';
import { MaskedHeaderDto } from '../../gateways/dto/gateway.dto.js';
import type { AuthType } from '../../gateways/gateway.entity.js';
import { shownCredential } from '../../gateways/public-names.js';
import { shownUrl } from '../../gateways/upstream-url.js';
import { RegistryRowDto, shownRow } from '../../rows/dto/registry-row.dto.js';
import { objectMember, overridden, readDefinition, textMember } from '../definition.js';
import type { ItemOfGateway } from '../item.repository.js';
import { type RequestType, restCallOf } from '../kept-tools/rest-call.js';
import { addressOf } from '../kept-tools/tool-address.js';
import { itemName, type ToolNaming } from '../tool-naming.js';
import type { ToolEntity } from '../tool.entity.js';

/** How the gateway calls a tool that it keeps; all null for an upstream's. */
export class RestCallDto {
  /** The values of its query are masked. */
  url: string | null;
  baseUrl: string | null;
  pathTemplate: string | null;
  headers: Record<string, string> | null;
  queryMapping: Record<string, string> | null;
  headerMapping: Record<string, string> | null;
  /** Milliseconds. */
  timeoutMs: number | null;
  allowlist: string[] | null;
  jsonpathFilter: string | null;
  authType: AuthType | null;
  authUsername: string | null;
  /** `*****`, or the reference to the secret. */
  authPassword: string | null;
  /** `*****`, or the reference to the secret. */
  authToken: string | null;
  authHeaders: MaskedHeaderDto[] | null;
}

/** An allow-list: nothing of a tool is shown that is not named here, and of secrets only the mask. */
export class ToolDto extends IntersectionType(RegistryRowDto, RestCallDto) {
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
  /** `REST` for what the gateway calls itself. */
  integrationType: 'MCP' | 'REST';
  requestType: 'STREAMABLEHTTP' | RequestType;
  inputSchema: object | null;
  outputSchema: object | null;
  annotations: object | null;
  /** `approved`, or why it may not be called: `pending`, `changed`, `blocked`; left out where no guardrail keeps watch. */
  standing?: string;
}

export class ToolStateDto {
  status: 'success';
  message: string;
  tool: ToolDto;
}

export class ToolPageDto {
  tools: ToolDto[];
  nextCursor?: string | undefined;
}

type Tool = ItemOfGateway<ToolEntity>;

export function shownTool(row: Tool, separator: string, naming: ToolNaming = 'prefixed'): ToolDto {
  const definition = overridden(readDefinition(row.definition), row.overrides);
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
    ...shownCall(row),
    inputSchema: objectMember(definition, 'inputSchema'),
    outputSchema: objectMember(definition, 'outputSchema'),
    annotations,
  };
}

const NO_CALL = {
  integrationType: 'MCP',
  requestType: 'STREAMABLEHTTP',
  url: null,
  baseUrl: null,
  pathTemplate: null,
  headers: null,
  queryMapping: null,
  headerMapping: null,
  timeoutMs: null,
  allowlist: null,
  jsonpathFilter: null,
  authType: null,
  authUsername: null,
  authPassword: null,
  authToken: null,
  authHeaders: null,
} as const;

function shownCall({ kept, authType, authNames }: Tool): Pick<ToolDto, keyof typeof NO_CALL> {
  if (!kept) return NO_CALL;
  const { requestType, url, headers, queryMapping, headerMapping, timeoutMs, allowlist, jsonpathFilter } =
    restCallOf(kept);
  const { origin, path } = addressOf(url);
  return {
    integrationType: 'REST',
    requestType,
    url: shownUrl(url),
    baseUrl: origin,
    pathTemplate: path,
    headers,
    queryMapping,
    headerMapping,
    timeoutMs,
    allowlist: [...allowlist],
    jsonpathFilter,
    authType,
    ...shownCredential(authType, authNames ?? []),
  };
}
