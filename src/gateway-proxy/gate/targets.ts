import { isJsonObject, type JsonObject, type McpCall } from '#libs/mcp';
import type { Permission } from '#libs/policy';
import type { CatalogItem, ServerView } from '../../registry/catalog/catalog.js';

/** A method that goes to an upstream: what it needs, and what it may be about. */
export interface ForwardedMethod {
  /** Those that `permission` can answer. */
  readonly permissions: readonly Permission[];
  readonly permission: (call: McpCall) => Permission;
  /** What the call may mean, best first, before anybody decided what the caller may see of it. */
  readonly candidates: (view: ServerView, call: McpCall) => readonly CatalogItem[];
  /** What an unknown target and a hidden one are answered alike. */
  readonly unknown: (call: McpCall) => string;
}

const NONE: readonly CatalogItem[] = [];

const named = (call: McpCall): string => call.targetName ?? '';

/** Also what is asked before somebody subscribes. */
export const READ: ForwardedMethod = {
  permissions: ['resources.read'],
  permission: () => 'resources.read',
  unknown: (call) => `Resource not found: ${named(call)}`,
  candidates: (view, call) => resourcesFor(view, named(call)),
};

export const FORWARDED: ReadonlyMap<string, ForwardedMethod> = new Map<string, ForwardedMethod>([
  [
    'tools/call',
    {
      permissions: ['tools.execute'],
      permission: () => 'tools.execute',
      unknown: (call) => `Unknown tool: ${named(call)}`,
      candidates: (view, call) => view.toolsByName.get(named(call)) ?? NONE,
    },
  ],
  [
    'prompts/get',
    {
      permissions: ['prompts.read'],
      permission: () => 'prompts.read',
      unknown: (call) => `Unknown prompt: ${named(call)}`,
      candidates: (view, call) => view.promptsByName.get(named(call)) ?? NONE,
    },
  ],
  ['resources/read', READ],
  [
    'completion/complete',
    {
      permissions: ['resources.read', 'prompts.read'],
      permission: (call) => (refOf(call)?.['type'] === 'ref/resource' ? 'resources.read' : 'prompts.read'),
      unknown: () => 'params.ref names no prompt or resource template of this server',
      candidates: completed,
    },
  ],
]);

/** The name under which the upstream gets it. What a template fits is read under the URI as it is. */
export function upstreamNameOf(item: CatalogItem, call: Pick<McpCall, 'targetName'>): string | undefined {
  if (call.targetName === undefined) return undefined;
  return 'template' in item ? call.targetName : item.upstreamName;
}

/** A listed URI first, then the templates that it fits. */
export function resourcesFor(view: ServerView, uri: string): readonly CatalogItem[] {
  const listed = view.resourcesByUri.get(uri) ?? NONE;
  const fitting = view.templates.filter(({ template }) => template.matches(uri));
  return fitting.length === 0 ? listed : [...listed, ...fitting];
}

function completed(view: ServerView, call: McpCall): readonly CatalogItem[] {
  const ref = refOf(call);
  if (ref?.['type'] === 'ref/prompt') return view.promptsByName.get(String(ref['name'])) ?? NONE;
  return ref?.['type'] === 'ref/resource' ? view.templates.filter(({ name }) => name === ref['uri']) : NONE;
}

/** What a completion is about. */
function refOf({ params }: McpCall): JsonObject | undefined {
  const ref = params?.['ref'];
  return isJsonObject(ref) ? ref : undefined;
}
