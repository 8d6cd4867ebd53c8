import { objectMembers } from '../bridge/object-members.js';
import { scanJson } from '../json-scan.js';
import type { McpCall } from '../mcp-call.js';
import { splice } from '../splice.js';

// Depth was bounded when the call came in.
const MADE_BY_US = 1000;

/** The call without the wish that it become a task (2025-11-25, `params.task`): one that can make none ignores it. */
export function withoutTask(call: McpCall): McpCall {
  const { params: span } = call.scan;
  if (!span || call.params?.['task'] === undefined) return call;
  const kept = objectMembers(call.bytes.subarray(span.start, span.end)).filter(({ key }) => key !== 'task');
  const members = kept.map(({ bytes }) => bytes.toString('utf8')).join(',');
  const bytes = splice(call.bytes, [{ span, bytes: Buffer.from(`{${members}}`) }]);
  const scan = scanJson(bytes, MADE_BY_US);
  if (typeof scan === 'string') throw new RangeError('a message without one of its members is balanced');
  const { task: _, ...params } = call.params;
  return { ...call, params, message: { ...call.message, params }, bytes, scan };
}
