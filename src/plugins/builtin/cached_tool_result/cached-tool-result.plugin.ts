import { holdsNumbers, type JsonObject } from '#libs/mcp';
import { LRUCache } from 'lru-cache';
import type { ToolPostInvoke, ToolPreInvoke } from '../../hooks.js';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { forTool } from '../tool-overrides.js';
import { cacheKey } from './cache-key.js';
import { CachedToolResultSettings } from './cached-tool-result.settings.js';

const KEY = 'key';
/** Of what is kept of an entry beside its text, bytes. */
const OVERHEAD = 300;

/** Answers calls of tools with what they came to before, for the same caller with the same rights. */
class CachedToolResult extends Plugin {
  readonly hooks: HookHandlers = {
    tool_pre_invoke: (payload, context) => this.#answer(payload, context),
    tool_post_invoke: (payload, { local }) => this.#keep(payload, local.get(KEY)),
  };
  readonly #tools: ReadonlySet<string>;
  readonly #results: LRUCache<string, string>;

  constructor(private readonly settings: CachedToolResultSettings) {
    super();
    this.#tools = new Set(settings.cacheable_tools);
    this.#results = new LRUCache({
      maxSize: settings.max_bytes,
      // A text is held in up to two bytes a character.
      sizeCalculation: ({ length }) => 2 * length + OVERHEAD,
      ttl: settings.ttl * 1000,
      perf: { now: () => performance.now() },
    });
  }

  #answer(payload: ToolPreInvoke, { facts, local }: PluginContext): { readonly answer: JsonObject } | undefined {
    const names = [facts.target?.name, payload.name, facts.target?.id];
    // Two numbers that a double does not tell apart would be one key.
    if (payload.stateful || !holdsNumbers(payload.args)) return undefined;
    if (!names.some((name) => name !== undefined && this.#tools.has(name))) return undefined;
    const key = cacheKey(payload, facts, forTool(this.settings.key_fields, payload.name, facts));
    const known = this.#results.get(key);
    if (known !== undefined) return { answer: JSON.parse(known) as JsonObject };
    local.set(KEY, key);
    return undefined;
  }

  /** What is no complete result of the tool has no content, or says that it is an error. */
  #keep({ result, error }: ToolPostInvoke, key: unknown): undefined {
    if (typeof key !== 'string' || error || result['isError'] === true || !Array.isArray(result['content'])) return;
    if (!holdsNumbers(result)) return;
    this.#results.set(key, JSON.stringify(result));
  }

  override close(): void {
    this.#results.clear();
  }
}

export const cachedToolResult: PluginDefinition<CachedToolResultSettings> = {
  name: 'cached_tool_result',
  kinds: ['plugins.cached_tool_result.cached_tool_result.CachedToolResultPlugin'],
  description: 'Answers calls of tools with what they came to before, for the same caller with the same rights.',
  hooks: ['tool_pre_invoke', 'tool_post_invoke'],
  settings: CachedToolResultSettings,
  priority: 130,
  bindable: false,
  security: false,
  create: (settings) => new CachedToolResult(settings),
};
