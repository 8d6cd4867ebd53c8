import { objectMembers } from './bridge/object-members.js';
import { scanJson } from './json-scan.js';
import type { McpCall } from './mcp-call.js';
import { splice } from './splice.js';

/** The call without a parameter that is the gate's own business; every other byte stays as the client wrote it. */
export function withoutParam(call: McpCall, name: string): McpCall {
  const { params: span, depth } = call.scan;
  if (!span || !Object.hasOwn(call.params ?? {}, name)) return call;
  const others = objectMembers(call.bytes.subarray(span.start, span.end)).filter(({ key }) => key !== name);
  const text = others.map(({ bytes }) => bytes.toString('latin1')).join(',');
  const bytes = splice(call.bytes, [{ span, bytes: Buffer.from(`{${text}}`, 'latin1') }]);
  const scan = scanJson(bytes, depth);
  if (typeof scan === 'string') throw new RangeError('a message is balanced without one of its members too');
  const { [name]: _, ...params } = call.params ?? {};
  return Object.freeze({ ...call, params, message: { ...call.message, params }, bytes, scan });
}
