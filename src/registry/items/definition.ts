import { isJsonObject, type JsonObject } from '#libs/mcp';
import type { Overrides } from './item-row.js';

/** The upstream's own description of an item; what it was stored as is always an object. */
export function readDefinition(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

/** The definition with what people wrote over it. */
export function overridden(definition: JsonObject, overrides: Overrides | null): JsonObject {
  if (!overrides) return definition;
  const { displayName, description } = overrides;
  return {
    ...definition,
    ...(displayName !== undefined && { title: displayName }),
    ...(description !== undefined && { description }),
  };
}

/** A member of a definition when it is text. */
export function textMember(definition: JsonObject, name: string): string | null {
  const value = definition[name];
  return typeof value === 'string' ? value : null;
}

/** A member of a definition when it is an object. */
export function objectMember(definition: JsonObject, name: string): JsonObject | null {
  const value = definition[name];
  return isJsonObject(value) ? value : null;
}
