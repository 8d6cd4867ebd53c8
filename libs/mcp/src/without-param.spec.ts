import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope } from './envelope.js';
import type { McpCall } from './mcp-call.js';
import { withoutParam } from './without-param.js';

function opened(text: string): McpCall {
  const headers = { 'content-type': 'application/json' };
  const envelope = openEnvelope({
    door: 'rpc',
    headers,
    body: Buffer.from(text),
    limits: { maxDepth: 9, maxBatch: 1 },
  });
  if (envelope instanceof EnvelopeRefusal || envelope.batch) throw new Error('not a call');
  return envelope.entries[0];
}
const call = (params: string) => `{"jsonrpc":"2.0", "id": 1.0,"method":"tools/call","params":${params}}`;

describe(withoutParam.name, () => {
  it.each([
    [
      '{"server_id":"x","name":"é ü","arguments":{"n":1.50,"server_id":1}}',
      '{"name":"é ü","arguments":{"n":1.50,"server_id":1}}',
    ],
    ['{ "name" : "a" , "server\\u005fid" : {"a":[1,{"b":"}"}]} }', '{"name" : "a"}'],
    ['{"name":"a","server_id":null,"x":9007199254740993}', '{"name":"a","x":9007199254740993}'],
  ])('takes the member out of %s, and nothing else', (params, left) => {
    const made = withoutParam(opened(call(params)), 'server_id');
    expect(made.bytes.toString()).toBe(call(left));
    expect(made.params).toEqual(JSON.parse(left));
    expect(made.message).toEqual(JSON.parse(call(left)));
    const { name, params: span } = made.scan;
    expect(JSON.parse(made.bytes.toString('utf8', name?.start, name?.end))).toBe(made.targetName);
    expect(made.bytes.toString('utf8', span?.start, span?.end)).toBe(left);
  });

  it('leaves a call without it alone', () => {
    const plain = opened(call('{"name":"a"}'));
    expect(withoutParam(plain, 'server_id')).toBe(plain);
    expect(withoutParam(plain, 'toString')).toBe(plain);
  });
});
