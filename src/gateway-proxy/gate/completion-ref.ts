import { isJsonObject, type McpCall, scanJson } from '#libs/mcp';

// Depth was bounded when the call came in.
const MADE_BY_US = 1000;

/** The call with `params.ref` naming its prompt as the upstream does; built anew, since a completion is small and rare. */
export function completionRef(call: McpCall, upstreamName: string): McpCall {
  const ref = call.params?.['ref'];
  if (!isJsonObject(ref) || ref['type'] !== 'ref/prompt' || ref['name'] === upstreamName) return call;
  const params = { ...call.params, ref: { ...ref, name: upstreamName } };
  const message = { ...call.message, params };
  const bytes = Buffer.from(JSON.stringify(message));
  const scan = scanJson(bytes, MADE_BY_US);
  if (typeof scan === 'string') throw new RangeError('a message made by JSON.stringify is balanced');
  return { ...call, params, message, bytes, scan };
}
