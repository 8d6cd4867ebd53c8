import type { IncomingHttpHeaders } from 'node:http';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.js';
import { isJsonObject } from './json-rpc.js';
import { isRepeatedHeader } from './repeated-header.js';

/** One `x-mcp-header` of a tool's input schema: the argument at `path` is mirrored in the header `Mcp-Param-…`. */
export interface ParamHeader {
  /** The whole header name as it goes out, for example `Mcp-Param-Region`. */
  readonly header: string;
  /** `header` in lower case, as Node names it. */
  readonly key: string;
  /** Property names from the arguments object down. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'boolean';
}

const INTEGER = /^-?\d{1,16}(?:\.0{1,16})?$/;

/**
 * Step 10 of the ladder: the first header that disagrees with the arguments, named with its argument, or undefined.
 * No value is named, an argument may be a secret. Headers nobody declared are ignored; they are not forwarded either.
 */
export function paramHeaderMismatch(
  declared: readonly ParamHeader[],
  args: unknown,
  headers: IncomingHttpHeaders,
  rawHeaders?: readonly string[],
): string | undefined {
  for (const declaration of declared) {
    const value = valueAt(args, declaration.path);
    if (value === undefined || value === null) continue;
    const header = headers[declaration.key];
    const expected = headerText(value);
    // What can't be mirrored, an object or an unsafe integer, is for the schema to judge, unless a header claims it.
    if (expected === undefined && header === undefined) continue;
    const field = `params.arguments.${declaration.path.join('.')}`;
    if (typeof header !== 'string') return `${declaration.header} is missing, but ${field} has a value`;
    if (isRepeatedHeader(declaration.key, header, rawHeaders)) return `${declaration.header} came more than once`;
    const decoded = decodeHeaderValue(header);
    if (decoded === undefined) return `${declaration.header} is not encoded as the protocol asks`;
    if (expected === undefined || !agrees(declaration.type, decoded, value, expected)) {
      return `${declaration.header} must equal ${field}`;
    }
  }
  return undefined;
}

/** The `Mcp-Param-*` headers of an outgoing call. */
export function paramHeadersFor(declared: readonly ParamHeader[], args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const declaration of declared) {
    const text = headerText(valueAt(args, declaration.path));
    if (text !== undefined) headers[declaration.header] = encodeHeaderValue(text);
  }
  return headers;
}

/** Integers agree by number (42 and 42.0), all else by text. */
function agrees(type: ParamHeader['type'], decoded: string, value: unknown, expected: string): boolean {
  if (decoded === expected) return true;
  return type === 'integer' && typeof value === 'number' && INTEGER.test(decoded) && Number(decoded) === value;
}

/** The text that mirrors an argument; undefined where there is nothing, or nothing exact, to mirror. */
function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'number' || (Number.isInteger(value) && !Number.isSafeInteger(value))) return undefined;
  return Number.isFinite(value) ? String(value) : undefined;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let node = root;
  for (const name of path) {
    if (!isJsonObject(node) || !Object.hasOwn(node, name)) return undefined;
    node = node[name];
  }
  return node;
}
