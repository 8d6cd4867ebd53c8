import { isJsonObject, type JsonObject } from '#libs/mcp';

const MOST_ARGUMENTS = 200;

/** Why a value is no schema of arguments or results; completes "inputSchema …". Its size and depth are judged elsewhere. */
export function schemaFault(schema: unknown): string | undefined {
  if (!isJsonObject(schema) || schema['type'] !== 'object') return "must be a JSON Schema with type 'object'";
  const { properties = {}, required = [] } = schema;
  if (!isJsonObject(properties) || !Object.values(properties).every(isSchema))
    return 'must have an object of schemas as properties';
  if (Object.keys(properties).length > MOST_ARGUMENTS) return `must have at most ${MOST_ARGUMENTS} properties`;
  if (!Array.isArray(required) || !required.every((name) => typeof name === 'string'))
    return 'must have an array of names as required';
  return refersAway(schema) ? 'must refer to itself only: no $ref to another document' : undefined;
}

/** The schemas of the single arguments, by name. */
export function argumentsOf(schema: JsonObject): ReadonlyMap<string, unknown> {
  const { properties } = schema;
  return new Map(isJsonObject(properties) ? Object.entries(properties) : []);
}

const isSchema = (value: unknown): boolean => isJsonObject(value) || typeof value === 'boolean';

/** Nobody is to be made to fetch what a stranger's schema names. */
function refersAway(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(refersAway);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, member]) =>
    (key === '$ref' || key === '$dynamicRef') && typeof member === 'string'
      ? !member.startsWith('#')
      : refersAway(member),
  );
}
