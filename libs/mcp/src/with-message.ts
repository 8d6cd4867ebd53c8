import type { JsonObject } from './json-rpc.js';
import { scanJson } from './json-scan.js';
import type { McpCall } from './mcp-call.js';

/** What may be put into a message is bounded by who makes it. */
const DEEPEST = 512;

/** A notification or an answer of a client with another text, and the same id. */
export function withMessage(call: McpCall, bytes: Buffer): McpCall {
  const scan = scanJson(bytes, DEEPEST);
  if (typeof scan === 'string') throw new RangeError('a message made by JSON.stringify is balanced');
  return Object.freeze({ ...call, message: JSON.parse(bytes.toString('utf8')) as JsonObject, bytes, scan });
}
