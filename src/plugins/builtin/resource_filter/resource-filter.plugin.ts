import type { JsonObject } from '#libs/mcp';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { blocksOf } from '../../content/map-blocks.js';
import { onOutcome } from '../../content/on-outcome.js';
import { Replacements } from '../../content/replacements.js';
import type { ResourcePostFetch, ToolPostInvoke } from '../../hooks.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import { hostOf, resourceAddress } from './resource-address.js';
import { ResourceFilterSettings } from './resource-filter.settings.js';

type Refusal = { readonly violation: Violation } | undefined;
type Outcome = Pick<ResourcePostFetch & ToolPostInvoke, 'result' | 'error'>;

/** Refuses resources by their address and size, and replaces in them what patterns match. */
class ResourceFilter extends Plugin {
  readonly hooks: HookHandlers = {
    resource_pre_fetch: ({ uri }) => this.#address(uri),
    resource_post_fetch: (payload, context) => this.#outcome(payload, context),
    prompt_post_fetch: (payload, context) => this.#outcome(payload, context),
    tool_post_invoke: (payload, context) => this.#outcome(payload, context),
  };
  readonly #schemes: ReadonlySet<string>;
  readonly #rewrite = onOutcome((value, context) => this.filters.in(context.content(value), 'result'));

  constructor(
    private readonly settings: ResourceFilterSettings,
    private readonly blocked: ReadonlySet<string>,
    private readonly filters: Replacements,
  ) {
    super();
    this.#schemes = new Set(settings.allowed_protocols.map((name) => name.toLowerCase().replace(/:$/, '')));
  }

  #address(uri: string): Refusal {
    const address = resourceAddress(uri);
    if (!address) return refused('INVALID_URI', 'Invalid URI', 'The URI of the resource is not valid');
    const { scheme, host } = address;
    if (this.#schemes.size > 0 && !this.#schemes.has(scheme))
      return refused('PROTOCOL_BLOCKED', 'Protocol not allowed', `Protocol ${scheme.slice(0, 20)} is not allowed`);
    return this.#host(host);
  }

  #host(host: string): Refusal {
    const labels = host.split('.');
    const found = labels.map((_, at) => labels.slice(at).join('.')).find((domain) => this.blocked.has(domain));
    if (found === undefined) return undefined;
    return refused('DOMAIN_BLOCKED', 'Domain is blocked', `Domain ${found} is blocked`, { domain: found });
  }

  #outcome<P extends Outcome>(payload: P, context: PluginContext): Refusal | { payload: P } {
    return this.#size(payload.result) ?? this.#origins(payload.result) ?? this.#rewrite(payload, context);
  }

  #size(result: JsonObject): Refusal {
    const { max_content_size: max } = this.settings;
    const { structuredContent: structured = null } = result;
    const size = blocksOf(result).reduce(
      (sum, block) => sum + sizeOf(block),
      structured === null ? 0 : Buffer.byteLength(JSON.stringify(structured)),
    );
    if (size <= max) return undefined;
    return refused('CONTENT_TOO_LARGE', 'Content too large', `Content exceeds ${max} bytes`, { size, max_size: max });
  }

  /** What is embedded may come from elsewhere than what was asked for. */
  #origins(result: JsonObject): Refusal {
    for (const { uri } of blocksOf(result)) {
      const address = typeof uri === 'string' ? resourceAddress(uri) : undefined;
      const refusal = address && this.#host(address.host);
      if (refusal) return refusal;
    }
    return undefined;
  }
}

function sizeOf({ text, blob, data }: JsonObject): number {
  const encoded = [blob, data].find((value) => typeof value === 'string');
  if (encoded !== undefined) return Buffer.byteLength(encoded, 'base64');
  return typeof text === 'string' ? Buffer.byteLength(text) : 0;
}

const refused = (code: string, reason: string, description: string, details: JsonObject = {}): Refusal => ({
  violation: { reason, description, code, details },
});

export const resourceFilter: PluginDefinition<ResourceFilterSettings> = {
  name: 'resource_filter',
  kinds: ['plugins.resource_filter.resource_filter.ResourceFilterPlugin'],
  description: 'Refuses resources by their protocol, domain and size, and replaces what patterns match in them.',
  hooks: ['resource_pre_fetch', 'resource_post_fetch'],
  optionalHooks: ['prompt_post_fetch', 'tool_post_invoke'],
  settings: ResourceFilterSettings,
  priority: 75,
  security: true,
  create: (settings) => {
    const blocked = configuredList(settings.blocked_domains, (written, index) => {
      const host = hostOf(written.trim());
      if (!host || host.includes('/') || host.includes('*'))
        throw new PluginConfigError([`blocked_domains[${index}] is no domain`]);
      return host;
    });
    const filters = configuredList(settings.content_filters, ({ pattern, replacement }, index) => ({
      pattern: configuredPattern(pattern, `content_filters[${index}].pattern`, ['i']),
      replacement,
    }));
    return new ResourceFilter(settings, new Set(blocked), new Replacements(filters));
  },
};
