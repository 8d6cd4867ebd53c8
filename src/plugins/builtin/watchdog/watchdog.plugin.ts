import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { forTool } from '../tool-overrides.js';
import { WatchdogSettings } from './watchdog.settings.js';

const STARTED = 'startedAt';

/** Gives up calls of tools that take too long, or notes them. */
class Watchdog extends Plugin {
  readonly hooks: HookHandlers = {
    tool_pre_invoke: ({ name }, context) => {
      context.local.set(STARTED, performance.now());
      const { limitMs, blocks } = this.#rule(name, context);
      return blocks ? { deadlineMs: limitMs } : undefined;
    },
    tool_post_invoke: ({ name }, context) => this.#judge(name, context),
  };

  constructor(private readonly settings: WatchdogSettings) {
    super();
  }

  #judge(name: string, context: PluginContext): PluginResult<'tool_post_invoke'> | undefined {
    const startedAt = context.local.get(STARTED);
    // The result of a task was not waited for.
    if (typeof startedAt !== 'number') return undefined;
    // A timer may be over a part of a millisecond early.
    const elapsedMs = Math.ceil(performance.now() - startedAt) + 1;
    const { limitMs, blocks } = this.#rule(name, context);
    if (elapsedMs <= limitMs) return undefined;
    const details = { watchdog_elapsed_ms: elapsedMs, watchdog_limit_ms: limitMs };
    if (!blocks) return { metadata: { watchdog_violation: true, ...details } };
    const description = `The call took longer than ${limitMs} ms`;
    return { violation: { reason: 'Execution time exceeded', description, code: 'WATCHDOG_TIMEOUT', details } };
  }

  #rule(name: string, { facts }: PluginContext): { readonly limitMs: number; readonly blocks: boolean } {
    const { max_duration_ms, action, tool_overrides } = this.settings;
    const own = forTool(tool_overrides, name, facts);
    return { limitMs: own?.max_duration_ms ?? max_duration_ms, blocks: (own?.action ?? action) === 'block' };
  }
}

export const watchdog: PluginDefinition<WatchdogSettings> = {
  name: 'watchdog',
  kinds: ['plugins.watchdog.watchdog.WatchdogPlugin'],
  description: 'Gives up calls of tools that take too long, or notes them.',
  hooks: ['tool_pre_invoke', 'tool_post_invoke'],
  settings: WatchdogSettings,
  priority: 85,
  security: false,
  create: (settings) => new Watchdog(settings),
};
