import type { JsonObject } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import type { ToolPreInvoke } from '../../hooks.js';
import type { CallFacts } from '../../plugin-context.js';

/** Differ from call to call, and go to no upstream that does not list them. */
const NOISE =
  /^(accept|accept-(charset|encoding|language)|baggage|cache-control|content-type|dnt|forwarded|origin|pragma|priority|referer|traceparent|tracestate|user-agent|via|x-(correlation|request)-id|x-forwarded-.*|x-real-ip)$/;

/** One number for each item of each catalogue, so that nothing outlives a change of the registry. */
const versions = new WeakMap<object, number>();
let lastVersion = 0;

function versionOf(target: object): number {
  let version = versions.get(target);
  if (version === undefined) versions.set(target, (version = ++lastVersion));
  return version;
}

/**
 * All that a result may depend on: the tool, what it was asked, by whom, with which rights and for which team.
 * @param fields the arguments that count; all of them without
 */
export function cacheKey({ args, headers, name }: ToolPreInvoke, facts: CallFacts, fields?: readonly string[]): string {
  const { target, serverId, tenantId, user, principal } = facts;
  const passed = new Set(target?.gateway?.passthrough);
  const sent = Object.entries(headers).filter(([header]) => passed.has(header) || !NOISE.test(header));
  const asked: JsonObject = fields ? Object.fromEntries(fields.map((field) => [field, args[field] ?? null])) : args;
  const of = {
    tool: target ? [target.id, versionOf(target)] : [name],
    place: [serverId ?? null, tenantId ?? null],
    who: [user, rightsOf(principal)],
    sent: Object.fromEntries(sent),
    asked,
  };
  return createHash('sha256')
    .update(canonicalize(of) ?? '')
    .digest('base64url');
}

function rightsOf(principal: Principal | undefined): readonly unknown[] {
  if (!principal) return [];
  const { kind, isAdmin, teams, restrictions } = principal;
  const ids = teams.kind === 'teams' ? [[...teams.ids].toSorted(), teams.narrowed] : [];
  const { permissions, serverId } = restrictions;
  return [kind, isAdmin, teams.kind, ...ids, permissions ? [...permissions].toSorted() : null, serverId ?? null];
}
