import { BUILTIN_PLUGINS } from '../builtin-plugins.js';
import type { PluginDefinition } from '../plugin-definition.js';

const BY_KIND: ReadonlyMap<string, PluginDefinition> = new Map(
  BUILTIN_PLUGINS.flatMap((definition) => [definition.name, ...definition.kinds].map((kind) => [kind, definition])),
);
/** Class paths change from release to release; the package in them has always had the plugin's name. */
const PACKAGE = /^(?:plugins\.|cpex_)(?<name>\w+)\./;

/** The plugin that a `kind` means: our short name, or the class path of older configuration files. */
export function pluginOfKind(kind: string): PluginDefinition | undefined {
  return BY_KIND.get(kind) ?? BY_KIND.get(PACKAGE.exec(kind)?.groups?.['name'] ?? '');
}
