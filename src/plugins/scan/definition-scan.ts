import type { ItemKind, JsonObject } from '#libs/mcp';
import type { CatalogScan } from '../hooks.js';

const IDENTIFIERS = { tool: 'name', prompt: 'name', resource: 'uri', resource_template: 'uriTemplate' } as const;

/** A definition as guardrails are shown it. */
export function definitionScan(kind: ItemKind, definition: JsonObject): CatalogScan {
  const name = String(definition[IDENTIFIERS[kind]]);
  return { kind: kind === 'resource_template' ? 'resource' : kind, name, definition };
}
