import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { HeaderFilterSettings } from './header-filter.settings.js';

interface WithHeaders {
  readonly headers: Readonly<Record<string, string>>;
}

/** Keeps headers of callers from upstreams. */
class HeaderFilter extends Plugin {
  readonly hooks: HookHandlers = {
    tool_pre_invoke: (payload) => this.#filter(payload),
    agent_pre_invoke: (payload) => this.#filter(payload),
  };
  readonly #filtered: ReadonlySet<string>;

  constructor(private readonly settings: HeaderFilterSettings) {
    super();
    const allowed = new Set(settings.allow_passthrough_headers.map((name) => name.toLowerCase()));
    this.#filtered = new Set(
      settings.filter_headers.map((name) => name.toLowerCase()).filter((name) => !allowed.has(name)),
    );
  }

  #filter<P extends WithHeaders>(payload: P): (Pick<PluginResult, 'metadata'> & { payload: P }) | undefined {
    const names = Object.keys(payload.headers);
    const removed = names.filter((name) => this.#filtered.has(name.toLowerCase()));
    if (removed.length === 0) return undefined;
    const kept = Object.entries(payload.headers).filter(([name]) => !removed.includes(name));
    return {
      payload: { ...payload, headers: Object.fromEntries(kept) },
      ...(this.settings.log_filtered_headers && { metadata: { filtered_headers: removed } }),
    };
  }
}

export const headerFilter: PluginDefinition<HeaderFilterSettings> = {
  name: 'header_filter',
  kinds: [
    'plugins.header_filter.header_filter_plugin.HeaderFilter',
    'plugins.header_filter.header_filter_plugin.HeaderFilterPlugin',
  ],
  description: 'Keeps headers of callers from upstreams.',
  hooks: ['tool_pre_invoke', 'agent_pre_invoke'],
  settings: HeaderFilterSettings,
  priority: 15,
  security: true,
  create: (settings) => new HeaderFilter(settings),
};
