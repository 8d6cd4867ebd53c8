import type { CatalogItem } from '../../../registry/catalog/catalog.js';
import type { ToolPreInvoke } from '../../hooks.js';
import { type HookHandlers, Plugin, type PluginResult, type Violation } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { isFor, partsOf, tokensIn, type VaultToken } from './token-map.js';
import { VaultSettings } from './vault.settings.js';

const UNREADABLE: Violation = {
  reason: 'Vault tokens unreadable',
  description: 'The header with tokens is no JSON object of tokens',
  code: 'VAULT_TOKENS_INVALID',
  httpStatus: 400,
};

/** Takes the caller's map of tokens off every call, and sends on the one that is for the upstream of the call. */
class Vault extends Plugin {
  readonly hooks: HookHandlers = {
    tool_pre_invoke: (payload, { facts }) => this.#tool(payload, facts.target),
    // Nothing is known of agents by which a token could be theirs.
    agent_pre_invoke: (payload) =>
      this.#header in payload.headers
        ? { payload: { ...payload, headers: without(payload.headers, this.#header) } }
        : undefined,
  };
  readonly #header: string;

  constructor(private readonly settings: VaultSettings) {
    super();
    this.#header = settings.vault_header_name.toLowerCase();
  }

  #tool(payload: ToolPreInvoke, target: CatalogItem | undefined): PluginResult<'tool_pre_invoke'> | undefined {
    const header = payload.headers[this.#header];
    if (header === undefined) return undefined;
    const tokens = tokensIn(header);
    if (!tokens) return { violation: UNREADABLE };
    const headers = without(payload.headers, this.#header);
    const sent = this.#sent(tokens, target);
    return {
      payload: { ...payload, headers: { ...headers, ...sent } },
      metadata: { vault_token_sent: sent !== undefined },
    };
  }

  /** The header with the token that goes up. */
  #sent(tokens: readonly VaultToken[], target: CatalogItem | undefined): Record<string, string> | undefined {
    const gateway = target?.gateway;
    const { system_handling, system_tag_prefix, auth_header_tag_prefix, require_binding } = this.settings;
    const system = gateway && system_handling === 'tag' ? tagged(gateway.tags, system_tag_prefix) : undefined;
    if (!gateway || system === undefined) return undefined;
    const { url } = gateway.target;
    const fitting = tokens.flatMap((token) => {
      const parts = partsOf(token, system);
      const bound = token.server !== undefined || !require_binding;
      return parts && bound && isFor(token, url) ? [{ token, parts }] : [];
    });
    // The key that is the system alone says most plainly what it is for.
    const { token, parts } = fitting.find((each) => each.parts.length === 0) ?? fitting[0] ?? {};
    if (!token) return undefined;
    const own = parts?.[1]?.toUpperCase() === 'PAT' ? tagged(gateway.tags, auth_header_tag_prefix) : undefined;
    return own === undefined ? { authorization: `Bearer ${token.secret}` } : { [own]: token.secret };
  }
}

/** Tags are lower-case and have no underscores. */
function tagged(tags: readonly string[], prefix: string): string | undefined {
  const begin = `${prefix.toLowerCase().replaceAll('_', '-')}:`;
  return tags
    .map((tag) => tag.toLowerCase().replaceAll('_', '-'))
    .find((tag) => tag.startsWith(begin))
    ?.slice(begin.length);
}

function without(headers: Readonly<Record<string, string>>, name: string): Record<string, string> {
  const { [name]: _, ...others } = headers;
  return others;
}

export const vault: PluginDefinition<VaultSettings> = {
  name: 'vault',
  kinds: ['plugins.vault.vault_plugin.Vault'],
  description: 'Sends on, of the tokens that a caller brings along, the one that is for the upstream of the call.',
  hooks: ['tool_pre_invoke'],
  optionalHooks: ['agent_pre_invoke'],
  settings: VaultSettings,
  priority: 10,
  security: true,
  create: (settings) => new Vault(settings),
};
