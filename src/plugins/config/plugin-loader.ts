import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { resolve } from 'node:path';
import { Environment } from '../../config/environment.js';
import type { ActivePlugin } from '../chain/active-plugin.js';
import { PluginChains } from '../chain/plugin-chains.js';
import { PluginConfigError } from '../plugin-definition.js';
import { PluginsSettings } from '../plugins.settings.js';
import { PluginFactory } from './plugin-factory.js';
import type { PluginEntryDto, PluginFileDto } from './plugin-file.dto.js';
import { readPluginFile } from './read-plugin-file.js';

/** What is known of the file of plugins. */
export interface PluginFileState {
  readonly entries: readonly PluginEntryDto[];
  /** When those that run were read. */
  readonly loadedAt: Date | undefined;
  /** Why a newer file is not in force, one line each; empty while the file is. */
  readonly faults: readonly string[];
}

interface Made {
  readonly key: string;
  readonly plugin: ActivePlugin;
}

/** Keeps the plugins that run in step with their file. A file with faults changes nothing, and stops a start. */
@Injectable()
export class PluginLoader implements OnModuleInit, OnApplicationShutdown {
  readonly #log = new Logger(PluginLoader.name);
  readonly #path: string;
  #made: readonly Made[] = [];
  #state: PluginFileState = { entries: [], loadedAt: undefined, faults: [] };
  /** One after another. */
  #loading: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Environment) private readonly environment: Environment,
    private readonly settings: PluginsSettings,
    private readonly factory: PluginFactory,
    private readonly chains: PluginChains,
  ) {
    this.#path = resolve(settings.configFile);
  }

  get state(): PluginFileState {
    return this.#state;
  }

  /** Those that run, in the order of the file. */
  get running(): readonly ActivePlugin[] {
    return this.#made.map(({ plugin }) => plugin);
  }

  async onModuleInit(): Promise<void> {
    if (!this.settings.enabled) return;
    await this.#load();
    // By asking again: what a ConfigMap mounts is a link that is changed in one step, of which watchers hear nothing.
    watchFile(this.#path, { interval: this.settings.reloadMs, persistent: false }, () => void this.reload());
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.settings.enabled) unwatchFile(this.#path);
    await this.#loading;
    await Promise.allSettled(this.#made.map(async ({ plugin }) => plugin.plugin.close()));
  }

  /** Reads the file again. A file with faults leaves everything as it is, and its faults in `state`. */
  reload(): Promise<void> {
    this.#loading = this.#loading
      .then(() => this.#load())
      .catch((error: unknown) => {
        const known = error instanceof PluginConfigError;
        const faults = known ? error.faults : ['the file could not be loaded'];
        this.#state = { ...this.#state, faults };
        const message = 'the file of plugins is not in force; those before it stay';
        this.#log.error(known ? { message, faults } : { message, error });
      });
    return this.#loading;
  }

  async #load(): Promise<void> {
    const file = readPluginFile(await this.#read(), this.environment);
    const made = await this.#make(file);
    const former = this.#made;
    this.#made = made;
    this.#state = { entries: file.plugins ?? [], loadedAt: new Date(), faults: [] };
    this.chains.replace(made.map(({ plugin }) => plugin));
    this.#log.log({ message: 'plugins loaded', running: made.map(({ plugin }) => plugin.run.name) });
    const gone = former.filter((old) => !made.some(({ plugin }) => plugin === old.plugin));
    await Promise.allSettled(gone.map(async ({ plugin }) => plugin.plugin.close()));
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      throw new PluginConfigError([`PLUGIN_CONFIG_FILE ${this.#path} can't be read: ${(error as Error).message}`]);
    }
  }

  /** What is configured as before stays as it is, with what it remembers. */
  async #make({ plugins = [], plugin_settings = {} }: PluginFileDto): Promise<readonly Made[]> {
    const names = plugins.map(({ name }) => name);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    const running = plugins.flatMap((entry, index) =>
      entry.mode === 'disabled' ? [] : [{ entry, at: `plugins[${index}] (${entry.name})` }],
    );
    const faults = [
      ...twice.map((name) => `plugins has the name "${name}" twice`),
      ...running.flatMap(({ entry, at }) => this.factory.faultsOf(entry, at)),
    ];
    if (faults.length > 0) throw new PluginConfigError(faults);
    const results = await Promise.allSettled(
      running.map(async ({ entry, at }) => {
        const key = JSON.stringify([entry, plugin_settings]);
        const same = this.#made.find((made) => made.key === key && !made.plugin.off);
        return same ?? { key, plugin: await this.factory.make(entry, plugin_settings, at) };
      }),
    );
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    if (failures.length === 0) return made;
    await Promise.allSettled(
      made
        .filter(({ key }) => !this.#made.some((old) => old.key === key))
        .map(async ({ plugin }) => plugin.plugin.close()),
    );
    const config = failures.filter((failure) => failure instanceof PluginConfigError);
    throw config.length === failures.length
      ? new PluginConfigError(config.flatMap((failure) => failure.faults))
      : failures[0];
  }
}
