import { isJsonObject, type JsonObject } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import type { CatalogItem } from '../../../registry/catalog/catalog.js';
import type { Hook, HookPayloads } from '../../hooks.js';
import type { CallFacts } from '../../plugin-context.js';

export const POLICY_HOOKS = [
  'prompt_pre_fetch',
  'prompt_post_fetch',
  'tool_pre_invoke',
  'tool_post_invoke',
  'resource_pre_fetch',
  'resource_post_fetch',
] as const satisfies readonly Hook[];
export type PolicyHook = (typeof POLICY_HOOKS)[number];

const KINDS = { tool: 'tools/call', prompt: 'prompts/get', resource: 'resources/read' } as const;
/** What a policy may not be shown, and its log not keep. */
const CREDENTIAL = /auth|cookie|token|secret|key|credential|password|session|assertion/i;

/** Everything of a call that a policy can decide by. The identity is that of the gateway's own checks, never a header's. */
export function policyInput(hook: PolicyHook, payload: HookPayloads[PolicyHook], facts: CallFacts): JsonObject {
  const [kind = ''] = hook.split('_', 1);
  const {
    headers = {},
    promptId,
    ...rest
  } = payload as HookPayloads[PolicyHook] & {
    headers?: Readonly<Record<string, string>>;
    promptId?: string;
  };
  return {
    hook,
    kind: KINDS[kind as keyof typeof KINDS],
    mode: hook.includes('_pre_') ? 'input' : 'output',
    ...identityOf(facts),
    server_id: facts.serverId ?? null,
    request_id: facts.requestId,
    request_ip: facts.clientAddress,
    user_agent: facts.userAgent,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIAL.test(name))),
    [kind]: targetOf(facts.target),
    payload: { ...(promptId !== undefined && { prompt_id: promptId }), ...rest },
    context: {},
  };
}

function identityOf({ user, tenantId, principal }: CallFacts): JsonObject {
  return {
    user,
    tenant: tenantId ?? null,
    auth_method: principal?.kind ?? 'anonymous',
    is_admin: principal?.isAdmin ?? false,
    teams: teamsOf(principal),
    roles: (principal?.roles ?? []).map(({ name, scope, teamId }) => ({ name, scope, team: teamId })),
    scopes: principal?.restrictions.permissions ? [...principal.restrictions.permissions] : null,
  };
}

/** Null for all teams; none for what reaches public rows alone. */
function teamsOf(principal: Principal | undefined): string[] | null {
  const teams = principal?.teams;
  if (teams?.kind === 'all') return null;
  return teams?.kind === 'teams' ? [...teams.ids] : [];
}

function targetOf(target: CatalogItem | undefined): JsonObject | null {
  if (!target) return null;
  const { id, name, upstreamName, gateway, tags, annotations, teamId, visibility } = target;
  return {
    id,
    name,
    upstream_name: upstreamName,
    gateway: gateway ? { id: gateway.id, name: gateway.name, slug: gateway.slug } : null,
    tags,
    annotations,
    team: teamId,
    visibility,
  };
}

/** What stands at a dotted path; undefined where nothing does. */
export function atPath(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
}
