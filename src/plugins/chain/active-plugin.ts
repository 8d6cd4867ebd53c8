import { PATTERN_MS, TimeShare } from '#libs/guardrails';
import type { ConditionsDto } from '../config/plugin-file.dto.js';
import type { OnError, PluginMode } from '../config/plugin-mode.js';
import type { Hook } from '../hooks.js';
import type { Plugin } from '../plugin.js';
import type { PluginDefinition } from '../plugin-definition.js';
import { PluginStatistics } from './plugin-statistics.js';

/** How a plugin is to run. */
export interface PluginRun {
  /** Unique among the plugins of one call. */
  readonly name: string;
  readonly mode: PluginMode;
  readonly onError: OnError;
  readonly priority: number;
  readonly hooks: ReadonlySet<Hook>;
  readonly conditions: readonly ConditionsDto[];
  /** It was bound to tools of a team: it runs beside what the file has for everybody, and can't stand in for it. */
  readonly bound: boolean;
  /** Of one hook, milliseconds. */
  readonly timeoutMs: number;
}

/** A plugin that is there, and how it runs. */
export class ActivePlugin {
  readonly statistics = new PluginStatistics();
  /** Set by an error where `on_error` is `disable`, until it is configured anew. */
  off = false;

  constructor(
    readonly run: PluginRun,
    readonly definition: PluginDefinition,
    readonly plugin: Plugin,
    private readonly share?: TimeShare,
  ) {}

  /** What its patterns may take: of one hook, or of all that is bound to tools of its team. */
  get patternTime(): TimeShare {
    return this.share ?? new TimeShare(PATTERN_MS, 0);
  }

  serves(hook: Hook): boolean {
    return this.run.hooks.has(hook) && this.plugin.hooks[hook] !== undefined;
  }
}
