import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { EgressError } from '#libs/egress';
import type { JsonObject } from '#libs/mcp';
import { LRUCache } from 'lru-cache';
import type { HookPayloads } from '../../hooks.js';
import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import type { PluginServices } from '../../plugin-services.js';
import { AppliedPolicies, type AppliedPolicy, endpointOf } from './applied-policies.js';
import { type OpaAnswer, OpaClient } from './opa-client.js';
import { OpaSettings } from './opa.settings.js';
import { atPath, POLICY_HOOKS, type PolicyHook, policyInput } from './policy-input.js';
import { denied, UNAVAILABLE } from './policy-verdict.js';

/** What a call is judged by; no mapping may write over it. */
const SETTLED: ReadonlySet<string> = new Set(
  `hook kind mode user tenant auth_method is_admin teams roles scopes server_id request_id request_ip user_agent headers
   tool prompt resource __proto__`.split(/\s+/),
);

/** Asks an Open Policy Agent whether a call, and then its result, may pass. */
class Opa extends Plugin {
  readonly hooks: HookHandlers = Object.fromEntries(
    POLICY_HOOKS.map((hook) => [
      hook,
      (payload: HookPayloads[PolicyHook], context: PluginContext) => this.#judge(hook, payload, context),
    ]),
  );
  readonly #log = new Logger('opa');
  readonly #policies: AppliedPolicies;
  readonly #client: OpaClient;
  readonly #known: LRUCache<string, OpaAnswer> | undefined;

  constructor(
    private readonly settings: OpaSettings,
    services: PluginServices,
  ) {
    super();
    const { applied_to, timeout_ms, opa_token, cache_size, cache_ttl_ms } = settings;
    this.#policies = new AppliedPolicies(applied_to);
    this.#client = new OpaClient(services.egress, timeout_ms, opa_token);
    if (cache_size > 0) this.#known = new LRUCache({ max: cache_size, ttl: cache_ttl_ms });
  }

  #judge(
    hook: PolicyHook,
    payload: HookPayloads[PolicyHook],
    context: PluginContext,
  ): Promise<PluginResult> | PluginResult | undefined {
    const applied = this.#policies.of(hook, namesOf(payload, context));
    if (!applied) return undefined;
    const endpoint = endpointOf(hook, applied.extensions);
    const path = `${trimmed(applied.extensions.policy)}/${trimmed(endpoint ?? '')}`;
    if (endpoint === undefined) return { violation: denied(hook, path, 'no_endpoint') };
    const { request_id, ...input } = shownTo(applied, policyInput(hook, payload, context.facts), context);
    const body = context.json({ input: { request_id, ...input } });
    if (Buffer.byteLength(body) > this.settings.max_input_bytes)
      return { violation: denied(hook, path, 'input_too_large') };
    return this.#decided(hook, path, this.#known && keyOf(path, context.json(input)), body, context);
  }

  async #decided(
    hook: PolicyHook,
    path: string,
    key: string | undefined,
    body: string,
    context: PluginContext,
  ): Promise<PluginResult> {
    const startedAt = performance.now();
    const known = key === undefined ? undefined : this.#known?.get(key);
    const answer = known ?? (await this.#client.ask(urlOf(this.settings.opa_base_url, path), body, context.signal));
    const { outcome, id } = answer;
    if (key !== undefined && typeof outcome !== 'string') this.#known?.set(key, answer);
    const open = typeof outcome === 'string' && UNAVAILABLE.has(outcome) && this.settings.on_unavailable === 'allow';
    const allowed = open || (typeof outcome !== 'string' && outcome.allow);
    const metadata = {
      policy: path,
      result: typeof outcome === 'string' ? outcome : outcome.allow ? 'allow' : 'deny',
      latency_ms: Math.round(performance.now() - startedAt),
      ...(id !== undefined && { decision_id: id }),
      ...(known && { cached: true }),
    };
    this.#log.debug({ message: 'a policy decided', hook, requestId: context.facts.requestId, ...metadata });
    return { metadata: { opa: metadata }, ...(!allowed && { violation: denied(hook, path, outcome, id) }) };
  }
}

/** The names of the target, as its upstream and as callers know it. */
function namesOf(payload: HookPayloads[PolicyHook], { facts: { target } }: PluginContext): string[] {
  const name = 'name' in payload ? payload.name : 'promptId' in payload ? payload.promptId : payload.uri;
  return target ? [name, target.name, target.upstreamName] : [name];
}

/** The input with what the configuration adds to it. */
function shownTo(
  { context: paths, extensions }: AppliedPolicy,
  input: JsonObject,
  { state }: PluginContext,
): JsonObject {
  const shared = Object.fromEntries(state);
  const contexts = paths.map((path) => {
    const names = path.split('.');
    return [names.at(-1) ?? '', atPath(shared, names[0] === 'global' ? names.slice(1) : names) ?? null] as const;
  });
  const shown = { ...input, context: Object.fromEntries(contexts) };
  const mapped = Object.entries(extensions.policy_input_data_map ?? {});
  return {
    ...shown,
    ...Object.fromEntries(mapped.map(([path, name]) => [name, atPath(shown, path.split('.')) ?? null])),
  };
}

const trimmed = (path: string): string => path.replace(/^\//, '').replace(/\/$/, '');

function urlOf(base: string, path: string): URL {
  return new URL(path, base.endsWith('/') ? base : `${base}/`);
}

const keyOf = (path: string, input: string): string =>
  createHash('sha256')
    .update(JSON.stringify([path, input]))
    .digest('base64');

/** @throws PluginConfigError */
function demandUsable({ opa_base_url: base, applied_to }: OpaSettings, { egress }: PluginServices): void {
  const all = new AppliedPolicies(applied_to).all;
  const faults = all.flatMap(({ pattern, extensions: { policy_input_data_map: map = {} } }) =>
    Object.entries(map)
      .filter(([, name]) => typeof name !== 'string' || name === '' || SETTLED.has(name))
      .map(([path]) => `applied_to (${pattern}) policy_input_data_map.${path} must be a name that the input has not`),
  );
  if (all.length === 0) faults.push('applied_to names no tool, prompt or resource');
  try {
    egress.check(new URL(base));
  } catch (error) {
    faults.push(`opa_base_url: ${error instanceof EgressError ? error.message : 'is no URL'}`);
  }
  if (faults.length > 0) throw new PluginConfigError(faults);
}

export const opa: PluginDefinition<OpaSettings> = {
  name: 'opa',
  kinds: ['opapluginfilter.plugin.OPAPluginFilter'],
  description: 'Asks an Open Policy Agent whether a call, and then its result, may pass.',
  hooks: POLICY_HOOKS,
  settings: OpaSettings,
  entryConfig: ({ applied_to }) => (applied_to ? { applied_to } : {}),
  priority: 10,
  bindable: false,
  security: true,
  create: (settings, services) => {
    demandUsable(settings, services);
    return new Opa(settings, services);
  },
};
