import { Injectable } from '@nestjs/common';
import type { ActivePlugin } from '../chain/active-plugin.js';
import { PluginConfigError } from '../plugin-definition.js';
import { PluginFactory } from './plugin-factory.js';
import type { PluginEntryDto, PluginSettingsDto } from './plugin-file.dto.js';

interface Made {
  readonly key: string;
  readonly plugin: ActivePlugin;
}

interface Wanted {
  readonly entry: PluginEntryDto;
  /** Where it stands, for faults. */
  readonly at: string;
  readonly bound: boolean;
}

/** The plugins that there are. What is configured as before stays as it is, with what it remembers. */
@Injectable()
export class PluginSet {
  #made: readonly Made[] = [];

  constructor(private readonly factory: PluginFactory) {}

  get plugins(): readonly ActivePlugin[] {
    return this.#made.map(({ plugin }) => plugin);
  }

  faultsOf(entry: PluginEntryDto): readonly string[] {
    return this.factory.faultsOf(entry, entry.name);
  }

  /**
   * Makes what is configured now.
   * @param bound a fault in one of these fails the calls that it is for, and nothing else
   * @returns the plugins that do not run any more
   * @throws PluginConfigError with all faults; then everything is as before
   */
  async become(
    entries: readonly PluginEntryDto[],
    bound: readonly PluginEntryDto[],
    settings: PluginSettingsDto,
  ): Promise<readonly ActivePlugin[]> {
    const running = entries.map((entry, index) => ({ entry, at: `plugins[${index}] (${entry.name})`, bound: false }));
    const wanted = [...running, ...bound.map((entry) => ({ entry, at: `the binding of ${entry.name}`, bound: true }))];
    const here = wanted.filter(({ entry, bound: ofTeam }) => ofTeam || entry.mode !== 'disabled');
    this.#demand(entries, here);
    const made = await this.#make(here, settings);
    const gone = this.#made.filter((old) => !made.some(({ plugin }) => plugin === old.plugin));
    this.#made = made;
    return gone.map(({ plugin }) => plugin);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.plugins.map(async ({ plugin }) => plugin.close()));
  }

  #demand(entries: readonly PluginEntryDto[], wanted: readonly Wanted[]): void {
    const names = entries.map(({ name }) => name);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    const faults = [
      ...twice.map((name) => `plugins has the name "${name}" twice`),
      ...wanted.flatMap(({ entry, at, bound }) => (bound ? [] : this.factory.faultsOf(entry, at))),
    ];
    if (faults.length > 0) throw new PluginConfigError(faults);
  }

  async #make(wanted: readonly Wanted[], settings: PluginSettingsDto): Promise<readonly Made[]> {
    const results = await Promise.allSettled(
      wanted.map(async ({ entry, at, bound }) => {
        const key = JSON.stringify([entry, settings]);
        const same = this.#made.find((made) => made.key === key && !made.plugin.off);
        return same ?? { key, plugin: await this.factory.make(entry, settings, at, bound) };
      }),
    );
    const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    if (failures.length === 0) return made;
    const fresh = made.filter((one) => !this.#made.includes(one));
    await Promise.allSettled(fresh.map(async ({ plugin }) => plugin.plugin.close()));
    const known = failures.filter((failure) => failure instanceof PluginConfigError);
    throw known.length === failures.length ? new PluginConfigError(known.flatMap(({ faults }) => faults)) : failures[0];
  }
}
