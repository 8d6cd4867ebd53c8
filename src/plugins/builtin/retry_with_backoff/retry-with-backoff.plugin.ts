import { type HookHandlers, Plugin } from '../../plugin.js';
import type { CallFacts, PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { forTool, settingsFor } from '../tool-overrides.js';
import { isPassing } from './passing-failure.js';
import { RetryWithBackoffSettings } from './retry-with-backoff.settings.js';

const RETRIES = 'retries';
type Said = { readonly retryAfterMs: number } | undefined;

/** Makes calls again that failed, where that does no harm. */
class RetryWithBackoff extends Plugin {
  readonly hooks: HookHandlers = {
    tool_post_invoke: (payload, context) =>
      this.#mayRepeat(payload.name, context.facts) ? this.#judge(payload.name, payload, context) : undefined,
    resource_post_fetch: (payload, context) => this.#judge(payload.uri, payload, context),
  };
  readonly #tools: ReadonlySet<string>;

  constructor(
    private readonly settings: RetryWithBackoffSettings,
    private readonly random: () => number,
  ) {
    super();
    this.#tools = new Set(settings.retry_tools);
  }

  #judge(name: string, outcome: Parameters<typeof isPassing>[0], { facts, local }: PluginContext): Said {
    const rules = settingsFor(this.settings, name, facts);
    const retries = Number(local.get(RETRIES) ?? 0);
    if (retries >= rules.max_retries || !isPassing(outcome, rules)) return undefined;
    local.set(RETRIES, retries + 1);
    const longestMs = Math.min(rules.max_backoff_ms, rules.backoff_base_ms * 2 ** retries);
    return { retryAfterMs: rules.jitter ? longestMs * this.random() : longestMs };
  }

  /** It says so itself, or the configuration does. */
  #mayRepeat(name: string, facts: CallFacts): boolean {
    const { annotations, name: known, id } = facts.target ?? { annotations: null };
    if (annotations?.['readOnlyHint'] === true || annotations?.['idempotentHint'] === true) return true;
    const named = [known, name, id].some((each) => each !== undefined && this.#tools.has(each));
    return named || forTool(this.settings.tool_overrides, name, facts) !== undefined;
  }
}

export const retryWithBackoff: PluginDefinition<RetryWithBackoffSettings> = {
  name: 'retry_with_backoff',
  kinds: [
    'plugins.retry_with_backoff.retry_with_backoff.RetryWithBackoffPlugin',
    'cpex_retry_with_backoff.retry_with_backoff.RetryWithBackoffPlugin',
    'cpex_retry_with_backoff.RetryWithBackoffPlugin',
  ],
  description: 'Makes calls again that failed, where that does no harm.',
  hooks: ['tool_post_invoke', 'resource_post_fetch'],
  settings: RetryWithBackoffSettings,
  priority: 170,
  security: false,
  create: (settings) => new RetryWithBackoff(settings, Math.random),
};
