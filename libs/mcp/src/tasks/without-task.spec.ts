import { expect, it } from 'vitest';
import { openEnvelope, type McpCall } from '../index.js';
import { withoutTask } from './without-task.js';

function opened(params: string): McpCall {
  const body = Buffer.from(`{"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":${params}}`);
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const envelope = openEnvelope({ door: 'mcp', headers, body, limits: { maxDepth: 30, maxBatch: 1 } });
  const [call] = 'entries' in envelope ? envelope.entries : [];
  if (!call || !('params' in call)) throw new Error('not a call');
  return call;
}

it.each([
  ['{"name":"a", "task" : {"ttl":1},"arguments":{"task":1.0}}', '{"name":"a","arguments":{"task":1.0}}'],
  ['{"task":{},"name":"a"}', '{"name":"a"}'],
])('takes the wish out of %s', (given, left) => {
  const call = withoutTask(opened(given));
  expect(call.bytes.toString()).toBe(`{"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":${left}}`);
  expect(call.params).toEqual(JSON.parse(left));
  expect(call.bytes.toString('utf8', call.scan.name?.start, call.scan.name?.end)).toBe('"a"');
});

it('changes no call that has none', () => {
  const call = opened('{"name":"a"}');
  expect(withoutTask(call)).toBe(call);
});
