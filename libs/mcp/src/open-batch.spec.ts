import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope } from './envelope.js';
import { rawId } from './mcp-call.js';
import { META_KEYS } from './meta-keys.js';
import { openBatch } from './open-batch.js';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const RESULT = { jsonrpc: '2.0', id: 1, result: {} };

function open(body: unknown, headers: IncomingHttpHeaders = {}, door: 'mcp' | 'rpc' = 'mcp') {
  return openEnvelope({
    door,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    limits: { maxDepth: 10, maxBatch: 3 },
  });
}

/** One line an entry, or the refusal of the whole. */
function outcome(opened: ReturnType<typeof open>): string | string[] {
  if (opened instanceof EnvelopeRefusal) return `${opened.httpStatus} ${opened.code} ${opened.message}`;
  expect(opened.batch).toBe(true);
  return opened.entries.map((entry) =>
    entry instanceof EnvelopeRefusal
      ? `${JSON.stringify(entry.id)} ${entry.code}`
      : `${entry.revision} ${entry.kind} ${rawId(entry)} ${entry.method} ${entry.targetName}`,
  );
}

describe(openBatch.name, () => {
  it.each([
    [{}, 'mcp'],
    [{ 'mcp-protocol-version': '2025-03-26' }, 'mcp'],
    [{}, 'rpc'],
    [{ 'mcp-session-id': 's' }, 'mcp'],
  ] as const)('opens each element, with %j at the door %s', (headers, door) => {
    const batch = ` [ ${JSON.stringify(PING)} , {"jsonrpc":"2.0","id":2.0,"method":"tools/call","params":{"name":"größe"}},
      {"jsonrpc":"2.0","method":"notifications/initialized"} ] `;
    expect(outcome(open(batch, headers, door))).toEqual([
      '2025-03-26 request 1 ping undefined',
      '2025-03-26 request 2.0 tools/call größe',
      '2025-03-26 notification  notifications/initialized undefined',
    ]);
  });

  it('gives each call its own bytes', () => {
    const opened = open([PING, { ...PING, id: 'ü' }]);
    if (opened instanceof EnvelopeRefusal) throw new Error(opened.message);
    const bytes = opened.entries.map((entry) => (entry instanceof EnvelopeRefusal ? '' : entry.bytes.toString()));
    expect(bytes).toEqual([JSON.stringify(PING), JSON.stringify({ ...PING, id: 'ü' })]);
  });

  it.each<[string, unknown[], string[]]>([
    ['no object', [1, PING], ['undefined -32600', '2025-03-26 request 1 ping undefined']],
    ['a list', [[PING]], ['undefined -32600']],
    ['a bad version', [{ ...PING, jsonrpc: '1' }], ['1 -32600']],
    ['a bad id', [{ ...PING, id: null }, PING], ['undefined -32600', '2025-03-26 request 1 ping undefined']],
    ['an unknown method', [{ ...PING, method: 'nope' }, PING], ['1 -32601', '2025-03-26 request 1 ping undefined']],
    ['a missing target', [{ ...PING, method: 'tools/call' }], ['1 -32602']],
    ['a modern method', [{ ...PING, method: 'server/discover' }], ['1 -32601']],
    ['nothing', [{}], ['undefined -32600']],
  ])('answers an element with %s on its own', (_, batch, entries) => {
    expect(outcome(open(batch))).toEqual(entries);
  });

  it.each<[string, unknown[], IncomingHttpHeaders, string]>([
    ['no elements', [], {}, 'a batch must not be empty'],
    ['too many elements', [PING, PING, PING, PING], {}, 'a batch has at most 3 messages'],
    ['initialize', [PING, { ...PING, method: 'initialize', params: {} }], {}, 'initialize is not allowed in a batch'],
    [
      'a later legacy revision',
      [PING],
      { 'mcp-protocol-version': '2025-06-18' },
      'a batch needs MCP-Protocol-Version 2025-03-26',
    ],
    [
      'the modern revision',
      [PING],
      { 'mcp-protocol-version': '2026-07-28' },
      'a batch needs MCP-Protocol-Version 2025-03-26',
    ],
    ['an unknown revision', [PING], { 'mcp-protocol-version': 'x' }, 'a batch needs MCP-Protocol-Version 2025-03-26'],
    [
      'a modern element',
      [PING, { ...PING, params: { _meta: { [META_KEYS.protocolVersion]: '2026-07-28' } } }],
      {},
      `params._meta["${META_KEYS.protocolVersion}"] is not allowed in a batch`,
    ],
    ['a response without a session', [PING, RESULT], {}, 'a response needs a session'],
  ])('refuses a batch with %s', (_, batch, headers, message) => {
    expect(outcome(open(batch, headers))).toBe(`400 -32600 ${message}`);
    expect(outcome(open(batch, headers, 'rpc'))).toBe(`400 -32600 ${message}`);
  });

  it('takes responses in a session', () => {
    expect(outcome(open([RESULT], { 'mcp-session-id': 's' }))).toEqual(['2025-03-26 response 1  undefined']);
  });

  it('refuses what is wrong with the body as a whole', () => {
    expect(outcome(open('[{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}]'))).toMatch(/^400 -32600 .*repeats/);
    expect(outcome(open('[{"__proto__":1}]'))).toMatch(/^400 -32600 /);
    expect(outcome(open(`${'['.repeat(11)}${']'.repeat(11)}`))).toMatch(/^400 -32600 .*deep/);
    expect(outcome(open('[{},]'))).toMatch(/^400 -32700 /);
  });
});
