import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PluginBindings } from '../bindings/plugin-bindings.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { Environment } from '../../config/environment.js';
import type { ActivePlugin } from '../chain/active-plugin.js';
import { PluginChains } from '../chain/plugin-chains.js';
import { StoredToolLedger } from '../integrity/stored-tool-ledger.js';
import { type Controls, modeIn, PluginControls } from '../management/plugin-controls.js';
import { CatalogService } from '../../registry/catalog/catalog.service.js';
import { PluginConfigError } from '../plugin-definition.js';
import { PluginsSettings } from '../plugins.settings.js';
import { PluginEntryDto, type PluginFileDto } from './plugin-file.dto.js';
import type { PluginMode } from './plugin-mode.js';
import { PluginSet } from './plugin-set.js';
import { readPluginFile } from './read-plugin-file.js';

/** What is known of the plugins of this gateway. */
export interface PluginState {
  /** Of the file, as it was read last without faults. */
  readonly entries: readonly PluginEntryDto[];
  /** Why a newer file is not in force, one line each; empty while the file is. */
  readonly faults: readonly string[];
  readonly enabled: boolean;
}

const NOTHING: Controls = { enabled: true, modes: {} };

/**
 * Keeps the plugins that run in step with their file, with what administrators switched, and with the bindings of teams.
 * A file with faults changes nothing, and stops a start.
 */
@Injectable()
export class PluginLoader implements OnModuleInit, OnApplicationShutdown {
  readonly #log = new Logger(PluginLoader.name);
  readonly #path: string;
  #file: PluginFileDto = {};
  #controls = NOTHING;
  /** Of the file as it is now. */
  #faults: readonly string[] = [];
  /** Of what else was to be in force. */
  #otherFaults: readonly string[] = [];
  #started = false;
  /** One after another. */
  #working: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Environment) private readonly environment: Environment,
    private readonly settings: PluginsSettings,
    private readonly set: PluginSet,
    private readonly chains: PluginChains,
    private readonly controls: PluginControls,
    private readonly bindings: PluginBindings,
    private readonly tools: StoredToolLedger,
    private readonly catalog: CatalogService,
    changes: ChangeBus,
  ) {
    this.#path = resolve(settings.configFile);
    changes.subscribe(({ kind }) => {
      if (settings.enabled && (kind === 'plugins_changed' || kind === 'anything_changed')) this.#rebuild();
    });
  }

  get state(): PluginState {
    const enabled = this.settings.enabled && this.#controls.enabled;
    return { entries: this.#file.plugins ?? [], faults: [...this.#faults, ...this.#otherFaults], enabled };
  }

  /** Those that run, in the order of the file. */
  get running(): readonly ActivePlugin[] {
    return this.chains.plugins;
  }

  /** As administrators, or else the file, want it. */
  modeOf({ name, mode = 'enforce' }: PluginEntryDto): PluginMode {
    return modeIn(this.#controls, name) ?? mode;
  }

  /** What keeps a plugin of the file from running, one line each. */
  faultsOf(name: string): readonly string[] {
    const entry = this.#file.plugins?.find((known) => known.name === name);
    return entry ? this.set.faultsOf(entry) : [];
  }

  async onModuleInit(): Promise<void> {
    if (!this.settings.enabled) return;
    // One after another from the start: what changed meanwhile must not bring back what was before.
    const loading = this.#working.then(() => this.#load());
    this.#working = loading.catch(() => undefined);
    await loading;
    this.#started = true;
    // By asking again: what a ConfigMap mounts is a link that is changed in one step, of which watchers hear nothing.
    watchFile(this.#path, { interval: this.settings.reloadMs, persistent: false }, () => void this.reload());
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.settings.enabled) unwatchFile(this.#path);
    await this.#working;
    await this.set.close();
  }

  /** Reads the file again. A file with faults leaves everything as it is, and its faults in `state`. */
  reload(): Promise<void> {
    return this.#next(
      () => this.#load(),
      (faults) => (this.#faults = faults),
    );
  }

  /** When all is in force that was asked for so far. */
  settled(): Promise<void> {
    return this.#working;
  }

  #rebuild(): void {
    void this.#next(
      () => this.#apply(this.#file),
      (faults) => (this.#otherFaults = faults),
    );
  }

  #next(work: () => Promise<void>, failed: (faults: readonly string[]) => void): Promise<void> {
    this.#working = this.#working.then(work).catch((error: unknown) => {
      const known = error instanceof PluginConfigError;
      const faults = known ? error.faults : ['the plugins could not be loaded'];
      failed(faults);
      const message = 'the plugins as they are configured now are not in force; those before them stay';
      this.#log.error(known ? { message, faults } : { message, error });
    });
    return this.#working;
  }

  async #load(): Promise<void> {
    const text = await this.#read();
    const file = readPluginFile(text, this.environment);
    // As it is while it is written.
    if (!file.plugins && this.chains.plugins.length > 0)
      throw new PluginConfigError(['the file has no list of plugins; `plugins: []` stops them all']);
    await this.#apply(file);
    this.#faults = [];
  }

  async #apply(file: PluginFileDto): Promise<void> {
    const controls = await this.controls.read();
    const { plugins = [], plugin_settings = {} } = file;
    const entries = plugins.map((entry) =>
      Object.assign(new PluginEntryDto(), entry, { mode: modeIn(controls, entry.name) ?? entry.mode ?? 'enforce' }),
    );
    const bound = await this.bindings.entries(plugins);
    const gone = await this.set.become(controls.enabled ? entries : [], controls.enabled ? bound : [], plugin_settings);
    // Before they run; at the start the catalogue is not served yet.
    if ((await this.tools.adopt(this.set.plugins)) && this.#started) await this.catalog.refreshed();
    this.#file = file;
    this.#controls = controls;
    this.#otherFaults = [];
    this.chains.replace(this.set.plugins);
    this.#log.log({ message: 'plugins loaded', running: this.set.plugins.map(({ run }) => run.name) });
    await Promise.allSettled(gone.map(async ({ plugin }) => plugin.close()));
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      throw new PluginConfigError([`PLUGIN_CONFIG_FILE ${this.#path} can't be read: ${(error as Error).message}`]);
    }
  }
}
