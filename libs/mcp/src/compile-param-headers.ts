import { isJsonObject, type JsonObject } from './json-rpc.js';
import type { ParamHeader } from './param-headers.js';

/** What a tool's input schema declares, or why the tool has to leave the catalogue. */
export type CompiledParamHeaders = { readonly headers: readonly ParamHeader[] } | { readonly fault: string };

const ANNOTATION = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;
const MAX_HEADERS = 32;
const MAX_SCHEMAS = 10_000;
const MAX_DEPTH = 64;

/** Keywords that hold a schema, or a list of them. */
const SCHEMA_KEYWORDS = [
  'items',
  'prefixItems',
  'additionalItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'contentSchema',
];
/** Keywords that hold schemas by name. */
const NAMED_KEYWORDS = ['patternProperties', 'dependentSchemas', 'dependencies', '$defs', 'definitions'];

/**
 * Reads the `x-mcp-header` annotations of an input schema (2026-07-28, Streamable HTTP): the value is an RFC 9110 token,
 * unique ignoring case, the type is string, integer or boolean, and only `properties` lead there from the root. One
 * annotation elsewhere spoils the tool, because intermediaries could not find the argument it means.
 */
export function compileParamHeaders(inputSchema: unknown): CompiledParamHeaders {
  const walk = new SchemaWalk();
  const fault = walk.visit(inputSchema, [], true);
  return fault === undefined ? { headers: walk.headers } : { fault };
}

class SchemaWalk {
  readonly headers: ParamHeader[] = [];
  #schemas = 0;

  visit(schema: unknown, path: readonly string[], reachable: boolean): string | undefined {
    if (++this.#schemas > MAX_SCHEMAS || path.length > MAX_DEPTH) {
      return 'the schema is too large to be searched for x-mcp-header';
    }
    if (Array.isArray(schema)) return this.#visitEach(schema, path);
    if (!isJsonObject(schema)) return undefined;
    if (Object.hasOwn(schema, ANNOTATION)) {
      const fault = this.#declare(schema, path, reachable);
      if (fault !== undefined) return fault;
    }
    return this.#visitProperties(schema, path, reachable) ?? this.#visitElsewhere(schema, path);
  }

  #visitProperties(schema: JsonObject, path: readonly string[], reachable: boolean): string | undefined {
    const properties = schema['properties'];
    if (!isJsonObject(properties)) return undefined;
    for (const name of Object.keys(properties)) {
      const fault = this.visit(properties[name], [...path, name], reachable);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #visitElsewhere(schema: JsonObject, path: readonly string[]): string | undefined {
    for (const keyword of SCHEMA_KEYWORDS) {
      if (schema[keyword] === undefined) continue;
      const fault = this.visit(schema[keyword], [...path, keyword], false);
      if (fault !== undefined) return fault;
    }
    for (const keyword of NAMED_KEYWORDS) {
      const named = schema[keyword];
      const fault = isJsonObject(named) ? this.#visitEach(Object.values(named), [...path, keyword]) : undefined;
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #visitEach(schemas: readonly unknown[], path: readonly string[]): string | undefined {
    for (const schema of schemas) {
      const fault = this.visit(schema, [...path, '*'], false);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #declare(schema: JsonObject, path: readonly string[], reachable: boolean): string | undefined {
    const name = schema[ANNOTATION];
    const where = path.length === 0 ? 'the root' : path.join('.');
    if (!reachable || path.length === 0) return `${where}: x-mcp-header is allowed only where properties alone lead`;
    if (typeof name !== 'string' || !TOKEN.test(name)) return `${where}: x-mcp-header must be an HTTP token`;
    const type = schema['type'];
    if (type !== 'string' && type !== 'integer' && type !== 'boolean') {
      return `${where}: x-mcp-header needs the type string, integer or boolean`;
    }
    const header = `Mcp-Param-${name}`;
    const key = header.toLowerCase();
    if (this.headers.some((other) => other.key === key)) return `${where}: x-mcp-header ${name} is declared twice`;
    if (this.headers.length === MAX_HEADERS) return `${where}: more than ${MAX_HEADERS} x-mcp-header annotations`;
    this.headers.push({ header, key, path, type });
    return undefined;
  }
}
