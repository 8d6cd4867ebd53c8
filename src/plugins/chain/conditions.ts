import { isJsonObject } from '#libs/mcp';
import type { ConditionsDto } from '../config/plugin-file.dto.js';
import type { Hook, HookPayloads } from '../hooks.js';
import type { CallFacts } from '../plugin-context.js';

type EntityList = 'tools' | 'prompts' | 'resources' | 'agents';

/** The list by which conditions name what a hook is about; lists of other things say nothing of it. */
const ENTITY: Readonly<Partial<Record<Hook, EntityList>>> = {
  tool_pre_invoke: 'tools',
  tool_post_invoke: 'tools',
  prompt_pre_fetch: 'prompts',
  prompt_post_fetch: 'prompts',
  resource_pre_fetch: 'resources',
  resource_post_fetch: 'resources',
  agent_pre_invoke: 'agents',
  agent_post_invoke: 'agents',
};

/** What of a call stays the same for every call of one target by one tenant at one server. */
export interface ConditionPlace {
  readonly serverId: string | undefined;
  /** The tenant of the call, and the team that has the target. */
  readonly tenantIds: readonly string[];
  readonly entity: EntityList | undefined;
  /** By which the target is known to callers, to its upstream and to the registry. */
  readonly names: readonly string[];
}

/** Decides what only the single call can. */
export type When = (payload: HookPayloads[Hook], facts: CallFacts) => boolean;

export const entityOf = (hook: Hook): EntityList | undefined => ENTITY[hook];

/**
 * The conditions of a plugin at one place: `never`, `always`, or what is left to ask of each call. All that one object
 * sets has to fit; of several objects one is enough.
 */
export function whenAt(conditions: readonly ConditionsDto[], place: ConditionPlace): When | 'always' | 'never' {
  if (conditions.length === 0) return 'always';
  const left = conditions.filter((condition) => fitsPlace(condition, place));
  if (left.length === 0) return 'never';
  if (left.some(({ user_patterns, content_types }) => !filled(user_patterns) && !filled(content_types)))
    return 'always';
  return (payload, facts) =>
    left.some(
      ({ user_patterns, content_types }) =>
        (!filled(user_patterns) || user_patterns.some((pattern) => fitsUser(pattern, facts.user))) &&
        (!filled(content_types) || fitsTypes(content_types, payload)),
    );
}

function fitsPlace(condition: ConditionsDto, { serverId, tenantIds, entity, names }: ConditionPlace): boolean {
  return (
    admits(condition.server_ids, serverId === undefined ? [] : [serverId]) &&
    admits(condition.tenant_ids, tenantIds) &&
    (entity === undefined || admits(condition[entity], names))
  );
}

/** A key without a value is null. */
const filled = (list: readonly string[] | null | undefined): list is readonly string[] => (list?.length ?? 0) > 0;

const admits = (list: readonly string[] | undefined, names: readonly string[]): boolean =>
  !filled(list) || list.some((pattern) => names.some((name) => fitsPattern(pattern, name)));

/** `*` stands for any text; everything else for itself. */
export function fitsPattern(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  return others.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0 && at <= end;
  });
}

/** Without a `*`, a part of the address is enough. Nobody fits no pattern. */
const fitsUser = (pattern: string, user: string): boolean =>
  user !== 'anonymous' &&
  (pattern.includes('*') ? fitsPattern(pattern.toLowerCase(), user) : user.includes(pattern.toLowerCase()));

/** What says nothing of its type is looked at whatever the type of what comes with it. */
function fitsTypes(patterns: readonly string[], payload: HookPayloads[Hook]): boolean {
  const types = typesIn(payload);
  return (
    types.length === 0 ||
    types.some((type) => type === undefined || patterns.some((pattern) => fitsPattern(pattern.toLowerCase(), type)))
  );
}

/** Of each content; undefined for one that does not say. */
function typesIn(payload: HookPayloads[Hook]): (string | undefined)[] {
  const result: unknown = 'result' in payload ? payload.result : undefined;
  if (!isJsonObject(result)) return [];
  const items: unknown[] = [result['content'] ?? [], result['contents'] ?? []].flat();
  const others = 'structuredContent' in result ? [undefined] : [];
  return [...items.map(typeOf), ...others];
}

function typeOf(item: unknown): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const { mimeType } = isJsonObject(item['resource']) ? item['resource'] : item;
  return typeof mimeType === 'string' ? mimeType.split(';', 1)[0]?.trim().toLowerCase() : undefined;
}
