import { isAscii, isUtf8 } from 'node:buffer';
import { isJsonObject } from './json-rpc.js';
import { scanJson, type JsonScan } from './json-scan.js';

/** Why a body is not let in; `not_json` includes a byte order mark before the text. */
export type JsonFault = 'not_utf8' | 'not_json' | 'too_deep' | 'duplicate_member' | 'forbidden_member';

export interface BoundedJson {
  readonly value: unknown;
  readonly scan: JsonScan;
}

/**
 * Parses a body that nobody vouches for.
 *
 * A repeated member is refused wherever it stands, also when it hides behind an escape (`"name"` and `"na\u006de"`):
 * which of the two counts differs from parser to parser, so the gate could judge one value, a guardrail read a second
 * and the upstream act on a third. `__proto__` is refused because copying such an object can set a prototype.
 */
export function parseBounded(bytes: Buffer, maxDepth: number): BoundedJson | JsonFault {
  const ascii = isAscii(bytes);
  if (!ascii && !isUtf8(bytes)) return 'not_utf8';
  const latin1 = bytes.toString('latin1');
  // Before JSON.parse: a body of a hundred thousand brackets is refused for the price of its first few.
  const scan = scanJson(bytes, maxDepth, latin1);
  if (typeof scan === 'string') return scan === 'too_deep' ? 'too_deep' : 'not_json';
  let value: unknown;
  try {
    value = JSON.parse(ascii ? latin1 : bytes.toString('utf8'));
  } catch {
    return 'not_json';
  }
  return memberFault(value, scan.members) ?? { value, scan };
}

/** Counts what JSON.parse kept: fewer members than the text has means that one was repeated. */
function memberFault(root: unknown, members: number): JsonFault | undefined {
  let missing = members;
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (Array.isArray(node)) {
      for (const item of node) if (typeof item === 'object' && item !== null) open.push(item);
    } else if (isJsonObject(node)) {
      for (const key in node) {
        missing--;
        if (key === '__proto__') return 'forbidden_member';
        const child = node[key];
        if (typeof child === 'object' && child !== null) open.push(child);
      }
    }
  }
  return missing === 0 ? undefined : 'duplicate_member';
}
