import type { PluginEntryDto } from './config/plugin-file.dto.js';
import type { Hook } from './hooks.js';
import type { Plugin } from './plugin.js';
import type { PluginServices } from './plugin-services.js';

/** A kind of plugin: what the configuration can name, and how one is made. */
export interface PluginDefinition<S extends object = object> {
  /** `pii_filter`: the folder's name, and the shortest `kind`. */
  readonly name: string;
  /** The dotted class paths by which older configuration files know it. */
  readonly kinds: readonly string[];
  /** For lists: what it does, one sentence. */
  readonly description: string;
  /** Its hooks, in the order of the documentation; a configuration without `hooks` gets these. */
  readonly hooks: readonly Hook[];
  /** Hooks that it serves too, where the configuration names them. */
  readonly optionalHooks?: readonly Hook[];
  /** Checked with class-validator before `create`; unknown keys are refused. Its keys are those of the documented contract. */
  readonly settings: new () => S;
  /** What of the entry beside `config` it needs, such as `mcp` and `applied_to`; under keys of its settings class. */
  readonly entryConfig?: (entry: PluginEntryDto) => object;
  /** Lower runs first, where the configuration says nothing. */
  readonly priority: number;
  /**
   * False for administrators' alone, not for owners of teams': where its configuration reaches files, processes or
   * addresses, or where it answers calls that other plugins would then not see.
   */
  readonly bindable?: false;
  /** It protects something: where it fails, the call fails. */
  readonly security: boolean;
  /** @throws PluginConfigError for what decorators can't say, such as a pattern that takes exponential time */
  create(settings: S, services: PluginServices, name: string): Plugin | Promise<Plugin>;
}

/** A plugin's configuration that can't be used; each fault is a line that names the key. */
export class PluginConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The plugins have ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'PluginConfigError';
  }
}
