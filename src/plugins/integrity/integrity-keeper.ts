import type { JsonObject } from '#libs/mcp';
import type { PluginMode } from '../config/plugin-mode.js';
import { Plugin } from '../plugin.js';

/** Something odd about a definition, for people. */
export interface Flag {
  /** `hidden_text`, `confusable_name`, or the rule for poisoned tools that it broke. */
  readonly rule: string;
  /** Where: `description`, `inputSchema.properties.path.description`. */
  readonly field: string;
  readonly text: string;
}

/** What becomes of a new tool with flags. */
export const ON_FLAGGED = ['pending', 'block', 'report'] as const;
export type OnFlagged = (typeof ON_FLAGGED)[number];

/** A plugin by whose word tools are trusted or not. Of several the strictest counts. */
export abstract class IntegrityKeeper extends Plugin {
  abstract readonly trustOnFirstUse: boolean;
  abstract readonly onFlagged: OnFlagged;
  /** At most twenty. */
  abstract flagsOf(definition: JsonObject): readonly Flag[];
}

/** Whether what a plugin of this mode refuses is refused. */
export const isRefusing = (mode: PluginMode): boolean =>
  mode === 'enforce' || mode === 'enforce_ignore_error' || mode === 'concurrent';
