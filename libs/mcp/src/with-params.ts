import { isJsonObject, type JsonObject } from './json-rpc.js';
import { scanJson } from './json-scan.js';
import type { McpCall } from './mcp-call.js';
import { splice } from './splice.js';
import { WrittenNumbers } from './written-numbers.js';

/** What may be put into a call is bounded by who makes it. */
const DEEPEST = 512;

/**
 * The call with other parameters, which name the same target; every byte outside of them stays as the client wrote it, and every
 * number in them that is not another one.
 */
export function withParams(call: McpCall, params: JsonObject): McpCall {
  const { params: span } = call.scan;
  if (!span) throw new RangeError('a call without parameters gets none');
  const written = new WrittenNumbers(call.bytes, span).stringify(params);
  const bytes = splice(call.bytes, [{ span, bytes: Buffer.from(written) }]);
  const scan = scanJson(bytes, DEEPEST);
  if (typeof scan === 'string') throw new RangeError('parameters may not be deeper than those that were given');
  const meta = params['_meta'];
  return Object.freeze({
    ...call,
    params,
    meta: isJsonObject(meta) ? meta : undefined,
    message: { ...call.message, params },
    bytes,
    scan,
  });
}
