import { isJsonObject, type JsonObject } from '#libs/mcp';
import { configuredPattern } from '../../config/configured-pattern.js';
import { PluginConfigError } from '../../plugin-definition.js';

/** Characters of a schema as JSON, levels, and how many schemas one becomes when its references are followed. */
const [LONGEST, DEEPEST, LARGEST] = [256 * 1024, 64, 50_000];
/** Beside every reference: steps over it are counted. */
export const COUNTED = 'x-counted-reference';
const DIALECT = /^https?:\/\/json-schema\.org\/draft(?:\/2020-12|\/2019-09|-07|-06)\/schema#?$/;
/** Members whose values are no schemas. */
const VALUES: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
/** Members whose values name schemas. */
const NAMED: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

/**
 * A schema that takes bounded time to compile and to ask, and that needs nothing from elsewhere.
 * @returns a copy without its name and that of its dialect, its references marked as COUNTED
 * @throws PluginConfigError naming what is not so
 */
export function boundedSchema(given: unknown, at: string): JsonObject {
  if (!isJsonObject(given)) throw new PluginConfigError([`${at} must be an object`]);
  // References stay within the schema, whatever it is called.
  const { $schema: dialect, $id: _, ...schema } = structuredClone(given);
  if (dialect !== undefined && !(typeof dialect === 'string' && DIALECT.test(dialect)))
    throw new PluginConfigError([`${at}.$schema is no dialect that is known here`]);
  if (JSON.stringify(schema).length > LONGEST)
    throw new PluginConfigError([`${at} is longer than ${LONGEST} characters`]);
  const check = new SchemaCheck(schema, at);
  check.visit(schema, at, 1);
  if (check.sizeOf(schema) > LARGEST)
    throw new PluginConfigError([`${at} is larger than ${LARGEST} schemas with its references`]);
  return schema;
}

class SchemaCheck {
  readonly #sizes = new Map<JsonObject, number>();

  constructor(
    private readonly root: JsonObject,
    private readonly at: string,
  ) {}

  visit(schema: JsonObject, at: string, depth: number): void {
    if (depth > DEEPEST) throw new PluginConfigError([`${this.at} is deeper than ${DEEPEST} levels`]);
    const reference = schema['$ref'];
    if (reference !== undefined && !(typeof reference === 'string' && /^#(?:\/|$)/.test(reference)))
      throw new PluginConfigError([`${at}.$ref must stay within the schema: #/…`]);
    if (reference !== undefined) Object.assign(schema, { [COUNTED]: true });
    for (const name of ['$id', '$dynamicRef', '$recursiveRef'])
      if (schema[name] !== undefined) throw new PluginConfigError([`${at}.${name} is not taken`]);
    if (typeof schema['pattern'] === 'string') configuredPattern(schema['pattern'], `${at}.pattern`);
    const patterns = schema['patternProperties'];
    if (isJsonObject(patterns))
      for (const pattern of Object.keys(patterns)) configuredPattern(pattern, `${at}.patternProperties`);
    for (const [name, part] of partsOf(schema)) this.visit(part, `${at}.${name}`, depth + 1);
  }

  /** With what its references lead to; what leads to itself counts once. */
  sizeOf(schema: JsonObject): number {
    const known = this.#sizes.get(schema);
    if (known !== undefined) return known;
    this.#sizes.set(schema, 1);
    const reference = schema['$ref'];
    const target = typeof reference === 'string' ? this.#target(reference) : undefined;
    const parts = [...partsOf(schema).map(([, part]) => part), ...(target ? [target] : [])];
    const size = parts.reduce((sum, part) => sum + this.sizeOf(part), 1);
    this.#sizes.set(schema, size);
    return size;
  }

  #target(reference: string): JsonObject | undefined {
    let found: unknown = this.root;
    for (const step of reference.split('/').slice(1)) {
      const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
      found = Object(found) === found && Object.hasOwn(found as object, name) ? Reflect.get(found as object, name) : {};
    }
    return isJsonObject(found) ? found : undefined;
  }
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function partsOf(schema: JsonObject): (readonly [string, JsonObject])[] {
  return Object.entries(schema).flatMap(([name, value]) => {
    if (VALUES.has(name)) return [];
    if (NAMED.has(name) && isJsonObject(value))
      return Object.entries(value).flatMap(([key, part]) =>
        isJsonObject(part) ? [[`${name}.${key}`, part] as const] : [],
      );
    if (Array.isArray(value))
      return value.flatMap((part: unknown, index) =>
        isJsonObject(part) ? [[`${name}[${index}]`, part] as const] : [],
      );
    return isJsonObject(value) ? [[name, value] as const] : [];
  });
}
