import { isJsonObject, type McpCall, type ParamHeader } from '#libs/mcp';
import type { OwnedRow, Permission } from '#libs/policy';
import type { CatalogGateway, ServerView } from '../../registry/catalog/catalog.js';

/** Where a call goes, as the catalogue knows it before anybody decided whether it may. */
export interface CallTarget {
  readonly row: OwnedRow;
  readonly gateway: CatalogGateway;
  readonly upstreamName: string;
  readonly paramHeaders: readonly ParamHeader[];
}

const NO_HEADERS: readonly ParamHeader[] = [];

/** A method that goes to an upstream: what it needs, and how its target is found. */
export interface ForwardedMethod {
  readonly permission: Permission;
  readonly find: (view: ServerView, call: McpCall) => CallTarget | undefined;
  /** What an unknown target and a hidden one are answered alike. */
  readonly unknown: (call: McpCall) => string;
}

const named = (call: McpCall): string => call.targetName ?? '';

export const FORWARDED: ReadonlyMap<string, ForwardedMethod> = new Map<string, ForwardedMethod>([
  [
    'tools/call',
    {
      permission: 'tools.execute',
      unknown: (call) => `Unknown tool: ${named(call)}`,
      find: (view, call) => {
        const tool = view.toolsByName.get(named(call));
        return (
          tool && { row: tool, gateway: tool.gateway, upstreamName: tool.upstreamName, paramHeaders: tool.paramHeaders }
        );
      },
    },
  ],
  [
    'prompts/get',
    {
      permission: 'prompts.read',
      unknown: (call) => `Unknown prompt: ${named(call)}`,
      find: (view, call) => itemTarget(view.promptsByName.get(named(call))),
    },
  ],
  [
    'resources/read',
    {
      permission: 'resources.read',
      unknown: (call) => `Resource not found: ${named(call)}`,
      find: (view, call) => resourceTarget(view, named(call)),
    },
  ],
  [
    'completion/complete',
    {
      permission: 'prompts.read',
      unknown: () => 'params.ref names no prompt or resource template of this server',
      find: completionTarget,
    },
  ],
]);

interface Item extends OwnedRow {
  readonly gateway: CatalogGateway;
  readonly upstreamName: string;
}

function itemTarget(item: Item | undefined): CallTarget | undefined {
  return item && { row: item, gateway: item.gateway, upstreamName: item.upstreamName, paramHeaders: NO_HEADERS };
}

/** A listed URI first; then the first template that it fits, whose gateway reads it under the URI as it is. */
function resourceTarget(view: ServerView, uri: string): CallTarget | undefined {
  const listed = view.resourcesByUri.get(uri);
  if (listed) return itemTarget(listed);
  const template = view.templates.find((candidate) => candidate.template.matches(uri));
  return template && { row: template, gateway: template.gateway, upstreamName: uri, paramHeaders: NO_HEADERS };
}

function completionTarget(view: ServerView, { params }: McpCall): CallTarget | undefined {
  const ref = params?.['ref'];
  if (!isJsonObject(ref)) return undefined;
  if (ref['type'] === 'ref/prompt') return itemTarget(view.promptsByName.get(String(ref['name'])));
  if (ref['type'] !== 'ref/resource') return undefined;
  return itemTarget(view.templates.find(({ name }) => name === ref['uri']));
}
