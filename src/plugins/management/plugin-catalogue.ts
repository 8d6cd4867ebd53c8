import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../http/errors.js';
import type { ActivePlugin } from '../chain/active-plugin.js';
import { LATENCY_BOUNDS } from '../chain/plugin-statistics.js';
import type { PluginEntryDto } from '../config/plugin-file.dto.js';
import { pluginOfKind } from '../config/plugin-kinds.js';
import { PluginLoader } from '../config/plugin-loader.js';
import { defaultOnError } from '../config/plugin-mode.js';
import {
  type ListPluginsDto,
  PluginDto,
  PluginListDto,
  PluginStatisticsDto,
  PluginSummaryDto,
} from './dto/plugin.dto.js';
import { maskedConfig } from './masked-config.js';

/** The plugins of the file as they are shown: what they are configured with, and whether they run. */
@Injectable()
export class PluginCatalogue {
  constructor(private readonly loader: PluginLoader) {}

  list({ search, mode, hook, tag }: ListPluginsDto): PluginListDto {
    const { entries, faults, enabled } = this.loader.state;
    const all = entries.map((entry) => this.#summary(entry));
    const wanted = search?.toLowerCase();
    const plugins = all.filter(
      (plugin) =>
        (wanted === undefined || `${plugin.name} ${plugin.description}`.toLowerCase().includes(wanted)) &&
        (mode === undefined || plugin.mode === mode) &&
        (hook === undefined || plugin.hooks.includes(hook)) &&
        (tag === undefined || plugin.tags.includes(tag)),
    );
    const running = plugins.filter(({ status }) => status === 'enabled').length;
    return {
      plugins,
      total: plugins.length,
      enabled_count: running,
      disabled_count: plugins.length - running,
      plugins_globally_enabled: enabled,
      config_faults: [...faults],
    };
  }

  /** @throws GatewayError 404 */
  get(name: string): PluginDto {
    const entry = this.loader.state.entries.find((known) => known.name === name);
    if (!entry) throw new GatewayError('not_found', `Plugin not found: ${name}`);
    const definition = pluginOfKind(entry.kind);
    const summary = this.#summary(entry);
    return Object.assign(new PluginDto(), summary, {
      kind: entry.kind,
      namespace: entry.namespace ?? null,
      on_error: entry.on_error ?? defaultOnError(summary.mode),
      conditions: entry.conditions ?? [],
      config: maskedConfig({ ...entry.config, ...(entry.mcp && { mcp: entry.mcp }) }) as object,
      manifest: definition
        ? {
            name: definition.name,
            description: definition.description,
            available_hooks: [...definition.hooks, ...(definition.optionalHooks ?? [])],
            kinds: definition.kinds,
            security: definition.security,
            default_priority: definition.priority,
          }
        : {},
    });
  }

  statistics(): PluginStatisticsDto[] {
    return this.loader.running.map(statisticsOf);
  }

  #summary(entry: PluginEntryDto): PluginSummaryDto {
    const definition = pluginOfKind(entry.kind);
    const active = this.loader.running.find(({ run }) => run.name === entry.name);
    const mode = this.loader.modeOf(entry);
    return {
      name: entry.name,
      description: entry.description ?? definition?.description ?? null,
      author: entry.author ?? null,
      version: entry.version ?? null,
      mode,
      priority: entry.priority ?? definition?.priority ?? 100,
      hooks: entry.hooks ?? [...(definition?.hooks ?? [])],
      tags: entry.tags ?? [],
      status: active?.off === true ? 'failed' : active ? 'enabled' : 'disabled',
      config_summary: Object.keys(entry.config ?? {}),
    };
  }
}

function statisticsOf({ run, statistics }: ActivePlugin): PluginStatisticsDto {
  const { counts, latency, totalMs } = statistics;
  const executions = Object.values(counts).reduce((sum, count) => sum + count, 0);
  let sum = 0;
  return {
    plugin_name: run.name,
    mode: run.mode,
    outcomes: { ...counts },
    executions,
    average_ms: executions === 0 ? 0 : totalMs / executions,
    latency: latency.map((count, index) => ({ le: LATENCY_BOUNDS[index] ?? null, count: (sum += count) })),
  };
}
