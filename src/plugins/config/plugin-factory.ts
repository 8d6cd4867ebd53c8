import { PATTERN_MS, TimeShare, withInstructions } from '#libs/guardrails';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ActivePlugin, type PluginRun } from '../chain/active-plugin.js';
import { type Hook, HOOKS } from '../hooks.js';
import { type HookHandlers, Plugin } from '../plugin.js';
import { PluginConfigError, type PluginDefinition } from '../plugin-definition.js';
import { PluginServices } from '../plugin-services.js';
import type { PluginEntryDto, PluginSettingsDto } from './plugin-file.dto.js';
import { pluginOfKind } from './plugin-kinds.js';
import { defaultOnError } from './plugin-mode.js';
import { validated } from './validated.js';

const DEFAULT_TIMEOUT_SECONDS = 30;
/** Of the patterns of one binding: each takes memory, and there may be a thousand bindings. */
const MOST_INSTRUCTIONS = 10_000;
/** Of all time, which is everybody's. */
const PATTERN_SHARE = 0.25;

/** In the place of a plugin that could not be made: every hook fails, as its mode says. */
class FailedPlugin extends Plugin {
  readonly hooks: HookHandlers = Object.fromEntries(
    HOOKS.map((hook) => [hook, () => Promise.reject(new Error('the plugin could not be made'))]),
  );
}

/** Of a binding to a plugin that this build has not: every hook of a tool fails. */
const UNKNOWN: PluginDefinition = {
  name: 'unknown',
  kinds: [],
  description: 'A plugin that this gateway does not have',
  hooks: ['tool_pre_invoke'],
  settings: Object,
  priority: 0,
  security: true,
  create: () => new FailedPlugin(),
};

/** Makes plugins of what the configuration says. */
@Injectable()
export class PluginFactory {
  readonly #log = new Logger(PluginFactory.name);
  /** Of patterns, by team: whoever binds plugins chooses them, and how many there are. */
  readonly #shares = new LRUCache<string, TimeShare>({ max: 10_000 });

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

  /** The same, and what only making it tells. */
  async faultsOfMaking(entry: PluginEntryDto, at: string): Promise<string[]> {
    const faults = this.faultsOf(entry, at);
    if (faults.length > 0) return faults;
    try {
      const { plugin } = await this.#made(entry, { fail_on_plugin_error: true }, at, true);
      await plugin.close();
      return [];
    } catch (error) {
      if (error instanceof PluginConfigError) return [...error.faults];
      throw error;
    }
  }

  /**
   * @param bound it is for one team: what is wrong with it fails its calls instead
   * @throws PluginConfigError; anything else where `fail_on_plugin_error` says so
   */
  make(entry: PluginEntryDto, settings: PluginSettingsDto, at: string, bound = false): Promise<ActivePlugin> {
    const made = this.#made(entry, settings, at, bound);
    return bound ? made.catch((error: unknown) => this.#broken(entry, settings, error)) : made;
  }

  async #made(entry: PluginEntryDto, settings: PluginSettingsDto, at: string, bound: boolean): Promise<ActivePlugin> {
    const { definition, config } = this.#settings(entry, at);
    return new ActivePlugin(
      runOf(entry, settings, definition, bound),
      definition,
      await this.#create(definition, config, entry, settings, at, bound),
      bound ? this.#shareOf(entry) : undefined,
    );
  }

  #shareOf({ conditions = [] }: PluginEntryDto): TimeShare {
    const team = conditions.flatMap(({ tenant_ids = [] }) => tenant_ids).join(' ');
    let share = this.#shares.get(team);
    if (!share) this.#shares.set(team, (share = new TimeShare(PATTERN_MS, PATTERN_SHARE)));
    return share;
  }

  #broken(entry: PluginEntryDto, settings: PluginSettingsDto, error: unknown): ActivePlugin {
    const definition = pluginOfKind(entry.kind) ?? UNKNOWN;
    const faults = error instanceof PluginConfigError ? error.faults : undefined;
    this.#log.error({
      message: 'a binding of a plugin has faults; its calls fail as its mode says',
      faults,
      plugin: entry.name,
    });
    return new ActivePlugin(runOf(entry, settings, definition, true), definition, new FailedPlugin());
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
      config: validated(definition.settings, { ...entry.config, ...definition.entryConfig?.(entry) }, `${at}.config`),
    };
  }

  async #create(
    definition: PluginDefinition,
    config: object,
    { name }: PluginEntryDto,
    { fail_on_plugin_error = false }: PluginSettingsDto,
    at: string,
    bound: boolean,
  ): Promise<Plugin> {
    try {
      const create = () => definition.create(config, this.services, name);
      return await (bound ? withInstructions(MOST_INSTRUCTIONS, create) : create());
    } catch (error) {
      if (error instanceof PluginConfigError)
        throw new PluginConfigError(error.faults.map((fault) => `${at}.config.${fault}`));
      if (fail_on_plugin_error) throw error;
      this.#log.error({ message: 'a plugin could not be made; its calls fail as its mode says', plugin: name, error });
      return new FailedPlugin();
    }
  }
}

function runOf(
  entry: PluginEntryDto,
  settings: PluginSettingsDto,
  definition: PluginDefinition,
  bound: boolean,
): PluginRun {
  const mode = entry.mode ?? 'enforce';
  return {
    name: entry.name,
    mode,
    bound,
    onError: entry.on_error ?? defaultOnError(mode),
    priority: entry.priority ?? definition.priority,
    hooks: new Set<Hook>(entry.hooks ?? definition.hooks),
    conditions: entry.conditions ?? [],
    timeoutMs: (settings.plugin_timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}
