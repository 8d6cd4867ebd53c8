import type { JsonObject } from '#libs/mcp';
import { type Hook, type HookPayloads, HOOKS } from '../../hooks.js';
import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { contextToWire, keepContext } from './external-context.js';
import { fromWire, toWire } from './external-payload.js';
import { readResult } from './external-result.js';
import { ExternalSettings } from './external.settings.js';
import { PluginConnection } from './plugin-connection.js';
import { targetOf } from './plugin-target.js';
import { ownTls } from './plugin-tls.js';

/** A plugin that runs elsewhere, behind an MCP server with the tools `get_plugin_config` and `invoke_hook`. */
class External extends Plugin {
  readonly hooks: HookHandlers = Object.fromEntries(
    HOOKS.map((hook) => [
      hook,
      (payload: HookPayloads[Hook], context: PluginContext) => this.#ask(hook, payload, context),
    ]),
  );

  constructor(
    private readonly name: string,
    private readonly connection: PluginConnection,
    /** Those of the entry; without, the server says which. */
    private readonly named: ReadonlySet<Hook> | undefined,
    private readonly release: () => Promise<void>,
  ) {
    super();
  }

  override async close(): Promise<void> {
    await this.connection.close();
    await this.release();
  }

  #ask(hook: Hook, payload: HookPayloads[Hook], context: PluginContext): Promise<PluginResult | undefined> | undefined {
    const hooks = this.named ?? this.connection.hooks;
    return hooks && !hooks.has(hook) ? undefined : this.#asked(hook, payload, context);
  }

  async #asked(hook: Hook, given: HookPayloads[Hook], context: PluginContext): Promise<PluginResult | undefined> {
    // Taken at once: it counts the plugin's time from here.
    const { signal } = context;
    const hooks = this.named ?? (await this.connection.open());
    if (!hooks.has(hook)) return undefined;
    let payload = given;
    let all: JsonObject = {};
    for (const [index, wire] of toWire(hook, given).entries()) {
      const args = { plugin_name: this.name, hook_type: hook, payload: wire, context: contextToWire(context) };
      const answer = await this.connection.invoke(args, signal);
      keepContext(context, answer['context']);
      const { violation, metadata, payload: made } = readResult(answer);
      if (violation) return { violation, ...(metadata && { metadata }) };
      payload = fromWire(hook, payload, index, made);
      all = { ...all, ...metadata };
    }
    return { ...(payload !== given && { payload }), ...(Object.keys(all).length > 0 && { metadata: all }) };
  }
}

export const external: PluginDefinition<ExternalSettings> = {
  name: 'external',
  kinds: [],
  description: 'Asks a plugin that runs elsewhere, behind an MCP server.',
  hooks: HOOKS.filter((hook) => /_(pre|post)_(invoke|fetch)$/.test(hook)),
  optionalHooks: HOOKS.filter((hook) => !/_(pre|post)_(invoke|fetch)$/.test(hook)),
  settings: ExternalSettings,
  entryConfig: ({ mcp, hooks }) => ({ mcp, hooks }),
  priority: 100,
  bindable: false,
  security: true,
  create: ({ mcp, hooks }, { egress, settings }, name) => {
    const tls = ownTls(mcp, settings);
    const target = { ...targetOf(name, mcp, egress), tls };
    const release = async (): Promise<void> => tls && egress.drop(tls);
    const named = hooks && new Set(hooks);
    return new External(name, new PluginConnection(egress, target, name), named, release);
  },
};
