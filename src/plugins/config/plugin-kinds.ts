import { BUILTIN_PLUGINS } from '../builtin-plugins.js';
import type { PluginDefinition } from '../plugin-definition.js';

const BY_KIND: ReadonlyMap<string, PluginDefinition> = new Map(
  BUILTIN_PLUGINS.flatMap((definition) => [definition.name, ...definition.kinds].map((kind) => [kind, definition])),
);

/** The plugin that a `kind` means: our short name, or the class path of older configuration files. */
export const pluginOfKind = (kind: string): PluginDefinition | undefined => BY_KIND.get(kind);
