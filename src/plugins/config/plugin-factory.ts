import { Injectable, Logger } from '@nestjs/common';
import { ActivePlugin } from '../chain/active-plugin.js';
import { type Hook, HOOKS } from '../hooks.js';
import { type HookHandlers, Plugin } from '../plugin.js';
import { PluginConfigError, type PluginDefinition } from '../plugin-definition.js';
import { PluginServices } from '../plugin-services.js';
import type { PluginEntryDto, PluginSettingsDto } from './plugin-file.dto.js';
import { pluginOfKind } from './plugin-kinds.js';
import { defaultOnError } from './plugin-mode.js';
import { validated } from './validated.js';

const DEFAULT_TIMEOUT_SECONDS = 30;

/** In the place of a plugin that could not be made: every hook fails, as its mode says. */
class FailedPlugin extends Plugin {
  readonly hooks: HookHandlers = Object.fromEntries(
    HOOKS.map((hook) => [hook, () => Promise.reject(new Error('the plugin could not be made'))]),
  );
}

/** Makes plugins of what the configuration says. */
@Injectable()
export class PluginFactory {
  readonly #log = new Logger(PluginFactory.name);

  constructor(private readonly services: PluginServices) {}

  /** What is wrong with an entry, one line each; nothing is made. */
  faultsOf(entry: PluginEntryDto, at: string): string[] {
    try {
      this.#settings(entry, at);
      return [];
    } catch (error) {
      if (error instanceof PluginConfigError) return [...error.faults];
      throw error;
    }
  }

  /** @throws PluginConfigError; anything else where `fail_on_plugin_error` says so */
  async make(entry: PluginEntryDto, settings: PluginSettingsDto, at: string): Promise<ActivePlugin> {
    const { definition, config } = this.#settings(entry, at);
    const mode = entry.mode ?? 'enforce';
    const run = {
      name: entry.name,
      mode,
      onError: entry.on_error ?? defaultOnError(mode),
      priority: entry.priority ?? definition.priority,
      hooks: new Set<Hook>(entry.hooks ?? definition.hooks),
      conditions: entry.conditions ?? [],
      timeoutMs: (settings.plugin_timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    };
    return new ActivePlugin(run, definition, await this.#create(definition, config, entry, settings, at));
  }

  #settings(entry: PluginEntryDto, at: string): { definition: PluginDefinition; config: object } {
    const definition = pluginOfKind(entry.kind);
    if (!definition) throw new PluginConfigError([`${at}.kind "${entry.kind}" is none that this gateway has`]);
    const foreign = (entry.hooks ?? []).filter(
      (hook) => !definition.hooks.includes(hook) && !definition.optionalHooks?.includes(hook),
    );
    if (foreign.length > 0) {
      const all = [...definition.hooks, ...(definition.optionalHooks ?? [])].join(', ');
      throw new PluginConfigError([`${at}.hooks has ${foreign.join(', ')}; ${definition.name} has ${all}`]);
    }
    return {
      definition,
      config: validated(definition.settings, { ...definition.entryConfig?.(entry), ...entry.config }, `${at}.config`),
    };
  }

  async #create(
    definition: PluginDefinition,
    config: object,
    { name }: PluginEntryDto,
    { fail_on_plugin_error = false }: PluginSettingsDto,
    at: string,
  ): Promise<Plugin> {
    try {
      return await definition.create(config, this.services, name);
    } catch (error) {
      if (error instanceof PluginConfigError)
        throw new PluginConfigError(error.faults.map((fault) => `${at}.config.${fault}`));
      if (fail_on_plugin_error) throw error;
      this.#log.error({ message: 'a plugin could not be made; its calls fail as its mode says', plugin: name, error });
      return new FailedPlugin();
    }
  }
}
