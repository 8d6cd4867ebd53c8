import { LRUCache } from 'lru-cache';
import { outcomeOfCall } from '../call-outcome.js';
import { settingsFor } from '../tool-overrides.js';
import type { ToolPostInvoke } from '../../hooks.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { CallFacts, PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { Breaker } from './breaker.js';
import { CircuitBreakerSettings } from './circuit-breaker.settings.js';

/** Tools that are remembered at the same time; of more, those that were called least lately start anew. */
const MOST_TOOLS = 10_000;
const ENTERED = 'entered';

/** Refuses calls of a tool that keeps failing, and tries it again after a pause. */
class CircuitBreaker extends Plugin {
  readonly hooks: HookHandlers = {
    tool_pre_invoke: ({ name }, context) => this.#enter(name, context),
    tool_post_invoke: (payload, context) => this.#judge(payload, context),
  };
  readonly #breakers = new LRUCache<string, Breaker>({ max: MOST_TOOLS });

  constructor(private readonly settings: CircuitBreakerSettings) {
    super();
  }

  #enter(name: string, { facts, local }: PluginContext): { readonly violation: Violation } | undefined {
    const awayMs = this.#of(name, facts).enter(performance.now());
    if (awayMs > 0) return { violation: open(Math.ceil(awayMs / 1000)) };
    local.set(ENTERED, true);
    return undefined;
  }

  #judge(payload: ToolPostInvoke, { facts, local }: PluginContext): undefined {
    // What answers a call in the place of the tool says nothing of it, nor does the result of a task.
    if (!local.has(ENTERED)) return;
    const breaker = this.#of(payload.name, facts);
    const outcome = outcomeOfCall(payload);
    if (outcome === 'succeeded') breaker.succeeded(performance.now());
    else if (outcome === 'failed') breaker.failed(performance.now());
  }

  #of(name: string, facts: CallFacts): Breaker {
    const key = facts.target?.id ?? name;
    let breaker = this.#breakers.get(key);
    if (!breaker) {
      const rules = settingsFor(this.settings, name, facts);
      breaker = new Breaker({
        errorRate: rules.error_rate_threshold,
        windowMs: rules.window_seconds * 1000,
        minCalls: rules.min_calls,
        consecutive: rules.consecutive_failure_threshold,
        cooldownMs: rules.cooldown_seconds * 1000,
      });
      this.#breakers.set(key, breaker);
    }
    return breaker;
  }
}

const open = (seconds: number): Violation => ({
  reason: 'Circuit open',
  description: `The tool keeps failing; try again in ${seconds} s`,
  code: 'CIRCUIT_OPEN',
  details: { retry_after_seconds: seconds },
  httpStatus: 503,
  httpHeaders: { 'Retry-After': String(seconds) },
});

export const circuitBreaker: PluginDefinition<CircuitBreakerSettings> = {
  name: 'circuit_breaker',
  kinds: ['plugins.circuit_breaker.circuit_breaker.CircuitBreakerPlugin'],
  description: 'Refuses calls of a tool that keeps failing, and tries it again after a pause.',
  hooks: ['tool_pre_invoke', 'tool_post_invoke'],
  settings: CircuitBreakerSettings,
  priority: 70,
  security: false,
  create: (settings) => new CircuitBreaker(settings),
};
