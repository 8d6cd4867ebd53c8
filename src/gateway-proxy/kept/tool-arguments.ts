import { isJsonObject, type JsonObject } from '#libs/mcp';
import { argumentsOf } from '../../registry/items/kept-tools/tool-schema.js';

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: isJsonObject,
  null: (value) => value === null,
};

/**
 * Why arguments don't fit the schema of a kept tool: one is missing, unknown or of another type; undefined when they do.
 * A schema that says nothing of `additionalProperties` takes none, so that nobody sets what the tool's maker did not offer.
 */
export function argumentFault(inputSchema: JsonObject, args: JsonObject): string | undefined {
  const { required, additionalProperties } = inputSchema;
  const known = argumentsOf(inputSchema);
  const missing = Array.isArray(required) ? required.find((name) => !Object.hasOwn(args, String(name))) : undefined;
  if (missing !== undefined) return `the argument "${missing}" is missing`;
  const open = additionalProperties !== undefined && additionalProperties !== false;
  for (const [name, value] of Object.entries(args)) {
    if (!known.has(name) && !open) return `there is no argument "${name.slice(0, 128)}"`;
    const fault = typeFault(known.get(name), value);
    if (fault !== undefined) return `the argument "${name}" ${fault}`;
  }
  return undefined;
}

function typeFault(schema: unknown, value: unknown): string | undefined {
  if (schema === false) return 'is not allowed';
  const { type } = isJsonObject(schema) ? schema : {};
  const names = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  if (names.length === 0 || names.some((name) => TYPES[name]?.(value))) return undefined;
  return `must be of type ${names.join(' or ')}`;
}
