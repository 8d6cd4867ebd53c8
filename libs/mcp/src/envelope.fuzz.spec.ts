import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope, type Envelope } from './envelope.js';
import { isJsonObject } from './json-rpc.js';
import { rawId, type McpCall } from './mcp-call.js';
import { META_KEYS } from './meta-keys.js';

const META = `"_meta":{"${META_KEYS.protocolVersion}":"2026-07-28","${META_KEYS.clientCapabilities}":{},"progressToken":1}`;
const SEEDS = [
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":[1,2.50,"x\\n"]},${META}}}`,
  `{"jsonrpc":"2.0","id":"a","method":"resources/read","params":{"uri":"file:///größe"}}`,
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}',
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
  '{"jsonrpc":"2.0","id":7,"result":{"action":"accept","content":{"n":1e3}}}',
  '{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"no"}}',
  '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2.0,"method":"tools/list","params":{}}]',
];
const HEADERS = [
  {},
  { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' },
  { 'mcp-protocol-version': '2025-06-18', 'mcp-session-id': 's' },
  { 'mcp-session-id': 's' },
  { 'mcp-protocol-version': '=?base64?', 'mcp-method': '\u00ff', 'mcp-name': '=?base64?!?=' },
];
const TOKENS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\u0000',
  '"id":',
  '"name":1,',
  '__proto__',
  'null',
  '1e999',
  '\u0000',
  '🙂',
  ' ',
];

/** A linear congruential generator: seeded, so that a failure can be run again. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

function mutate(seed: Buffer, below: (limit: number) => number): Buffer {
  let bytes = seed;
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(bytes.length + 1);
    const until = Math.min(bytes.length, at + below(12));
    const head = bytes.subarray(0, at);
    const kind = below(5);
    if (kind === 0) bytes = Buffer.concat([head, bytes.subarray(until)]);
    else if (kind === 1)
      bytes = Buffer.concat([head, Buffer.from(TOKENS[below(TOKENS.length)] ?? ''), bytes.subarray(at)]);
    else if (kind === 2) bytes = Buffer.concat([head, bytes.subarray(at, until), bytes.subarray(at)]);
    else if (kind === 3) bytes = Buffer.concat([head, Buffer.from([below(256)]), bytes.subarray(at + 1)]);
    else bytes = Buffer.concat([head, Buffer.from(TOKENS[below(TOKENS.length)] ?? ''), bytes.subarray(until)]);
  }
  return bytes;
}

function open(body: Buffer, headers: object): Envelope | EnvelopeRefusal {
  const all = { 'content-type': 'application/json', ...headers };
  return openEnvelope({ door: 'mcp', headers: all, body, limits: { maxDepth: 12, maxBatch: 4 } });
}

/** What has to hold for each call that was let in, whatever was sent. */
function checkCall(call: McpCall): void {
  const text = call.bytes.toString();
  const slice = (span: { start: number; end: number } | undefined): unknown =>
    span === undefined ? undefined : JSON.parse(call.bytes.toString('utf8', span.start, span.end));
  expect(JSON.parse(text)).toEqual(call.message);
  expect(call.message['jsonrpc']).toBe('2.0');
  expect(slice(call.scan.method)).toEqual(call.message['method']);
  expect(slice(call.scan.params)).toEqual(call.params);
  expect(slice(call.scan.meta)).toEqual(call.meta);
  expect(slice(call.scan.arguments)).toEqual(call.params?.['arguments']);
  expect(slice(call.scan.name)).toEqual(call.params?.['name']);
  expect(slice(call.scan.uri)).toEqual(call.params?.['uri']);
  expect(slice(call.scan.result)).toEqual(call.message['result']);
  if (call.id !== undefined) expect(JSON.parse(rawId(call))).toBe(call.id);
  expect(call.kind === 'request').toBe(call.id !== undefined && call.method !== '');
  expect(Object.isFrozen(call)).toBe(true);
}

function checkRefusal(refusal: EnvelopeRefusal): void {
  const answer: unknown = JSON.parse(refusal.body());
  if (!isJsonObject(answer) || !isJsonObject(answer['error'])) throw new Error('no error answer');
  expect(answer['error']['code']).toBe(refusal.code);
  expect([200, 400, 404, 406, 415]).toContain(refusal.httpStatus);
}

describe(openEnvelope.name, () => {
  it('lets the seeds in', () => {
    expect(SEEDS.map((seed, index) => open(Buffer.from(seed), HEADERS[index === 0 ? 1 : 3] ?? {}))).not.toContainEqual(
      expect.any(EnvelopeRefusal),
    );
  });

  it('never throws on mutated bodies, and what it lets in is sound', () => {
    const below = generator(7);
    let letIn = 0;
    for (let round = 0; round < 20_000; round++) {
      const body = mutate(Buffer.from(SEEDS[round % SEEDS.length] ?? ''), below);
      const opened = open(body, HEADERS[below(HEADERS.length)] ?? {});
      if (opened instanceof EnvelopeRefusal) {
        checkRefusal(opened);
        continue;
      }
      letIn++;
      for (const entry of opened.entries) {
        if (entry instanceof EnvelopeRefusal) checkRefusal(entry);
        else checkCall(entry);
      }
    }
    // Otherwise the mutations are so wild that nothing but the parser is tested.
    expect(letIn).toBeGreaterThan(300);
  });

  it('never throws on random bytes and random headers', () => {
    const below = generator(11);
    for (let round = 0; round < 5_000; round++) {
      const bytes = Buffer.from(Array.from({ length: below(40) }, () => below(256)));
      const headers = {
        'mcp-protocol-version': bytes.toString('latin1'),
        'mcp-name': bytes.toString('latin1'),
        accept: bytes.toString('latin1'),
      };
      expect(open(bytes, headers)).toBeInstanceOf(EnvelopeRefusal);
      const seed = open(Buffer.from(SEEDS[round % SEEDS.length] ?? ''), headers);
      if (seed instanceof EnvelopeRefusal) checkRefusal(seed);
    }
  });
});
