import type { OutgoingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { jsonOf, legacyMessage, modernMessage, type RawAnswer } from './raw-caller.js';
import { RawGate } from './raw-gate.js';

const MAX_BODY = 100_000;
const PARSE = -32700;
const INVALID = -32600;
const PARAMS = -32602;
const MISMATCH = -32020;
const VERSION = -32022;
const META_VERSION = 'io.modelcontextprotocol/protocolVersion';
const REGION_TOOL = {
  name: 'tool',
  inputSchema: {
    type: 'object',
    properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, n: { type: 'integer', 'x-mcp-header': 'N' } },
  },
};

let gate: RawGate;
const rejections: unknown[] = [];
const note = (reason: unknown): number => rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', note);
  gate = await RawGate.start({ tools: [REGION_TOOL] }, { MCP_MAX_BODY_BYTES: String(MAX_BODY) });
});
afterAll(async () => {
  await gate.stop();
  process.off('unhandledRejection', note);
});

/** Whatever a client sent: the next one is served, and nothing was left behind. */
afterEach(async () => {
  const params = { name: 'tool', arguments: {} };
  expect(jsonOf(await gate.callers.modern.modern('tools/call', params))).toMatchObject({ id: 1, result: {} });
  expect(jsonOf(await gate.callers.legacy.legacy('tools/call', params))).toMatchObject({ id: 1, result: {} });
  expect(rejections).toEqual([]);
  gate.reset();
});

function post(body: string | Buffer, headers: OutgoingHttpHeaders = {}): Promise<RawAnswer> {
  return gate.callers.modern.post(body, headers);
}

function refusal(answer: RawAnswer, status: number, code: number, id?: unknown): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/json');
  const body = jsonOf(answer);
  expect(body).toMatchObject({ jsonrpc: '2.0', error: { code, message: expect.any(String) } });
  expect(body.id).toBe(id);
  expect(gate.upstreams.modern.seen.filter(({ body }) => body.includes('tools/call'))).toEqual([]);
}

const nested = (levels: number): string => '{"a":'.repeat(levels - 2) + '1' + '}'.repeat(levels - 2);
const callWith = (args: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tool","arguments":${args}}}`;

const BODIES: [string, string | Buffer, number, number, unknown?][] = [
  ['nothing', '', 400, PARSE],
  ['words', 'hello', 400, PARSE],
  ['half an object', '{"jsonrpc":"2.0","id":1', 400, PARSE],
  ['two objects', '{"jsonrpc":"2.0"}{}', 400, PARSE],
  ['a byte order mark', '\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}', 400, PARSE],
  ['bytes that are no UTF-8', Buffer.from('{"jsonrpc":"2.0","id":"\xff"}', 'latin1'), 400, PARSE],
  ['UTF-16', Buffer.from('{"jsonrpc":"2.0"}', 'utf16le'), 400, PARSE],
  ['gzip', gzipSync('{"jsonrpc":"2.0","id":1,"method":"ping"}'), 400, PARSE],
  ['NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}', 400, PARSE],
  ['a number', '5', 400, INVALID],
  ['null', 'null', 400, INVALID],
  ['a text', '"ping"', 400, INVALID],
  ['no jsonrpc', '{"id":1,"method":"ping"}', 400, INVALID, 1],
  ['jsonrpc 1.0', '{"jsonrpc":"1.0","id":1,"method":"ping"}', 400, INVALID, 1],
  ['no method', '{"jsonrpc":"2.0","id":1}', 400, INVALID, 1],
  ['a method that is none', '{"jsonrpc":"2.0","id":1,"method":5}', 400, INVALID, 1],
  ['a method with a line break', '{"jsonrpc":"2.0","id":1,"method":"ping\\r\\nx"}', 400, INVALID, 1],
  ['a request that hides its id', '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"tool"}}', 400, INVALID],
  ['31 levels', callWith(nested(31)), 400, INVALID],
  ['100,000 open brackets', '['.repeat(MAX_BODY), 400, INVALID],
  ['100,000 levels in arguments', callWith('['.repeat(49_900) + ']'.repeat(49_900)), 400, INVALID],
  ['a member twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}', 400, INVALID],
  ['a member twice, once escaped', '{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"x"}', 400, INVALID],
  ['an argument twice', callWith('{"a":1,"b":[{"c":1,"c":2}]}'), 400, INVALID],
  ['__proto__', callWith('{"__proto__":{"admin":true}}'), 400, INVALID],
  ['__proto__, escaped', callWith('{"\\u005f_proto__":1}'), 400, INVALID],
  ['a look-alike of a member', '{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}', 400, INVALID, 1],
  ['params in an array', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["tool"]}', 400, INVALID, 1],
  ['_meta that is no object', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":1}}', 400, INVALID, 1],
  ['a response to nobody', '{"jsonrpc":"2.0","id":1,"result":{}}', 400, INVALID, 1],
  ['no name of a tool', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}', 200, PARAMS, 1],
  ['a name that is none', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{"a":1}}}', 200, PARAMS, 1],
  ['no params', '{"jsonrpc":"2.0","id":1,"method":"resources/read"}', 200, PARAMS, 1],
  ['a completion of nothing', '{"jsonrpc":"2.0","id":1,"method":"completion/complete"}', 200, PARAMS, 1],
  ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"tools/drop"}', 200, -32601, 1],
  ['a method of the other era', '{"jsonrpc":"2.0","id":1,"method":"server/discover"}', 200, -32601, 1],
];

describe('a body with', () => {
  it.each(BODIES)(
    '%s is refused',
    async (_what, body, status, code, id) => refusal(await post(body), status, code, id),
    5_000,
  );

  it('30 levels is let in', async () => {
    expect(jsonOf(await post(callWith(nested(30))))).toMatchObject({ id: 1, result: {} });
  });

  it.each([
    'null',
    '1.5',
    'true',
    '[]',
    '{}',
    '9007199254740992',
    '-1e300',
    `"${'x'.repeat(257)}"`,
    `1.${'0'.repeat(40)}`,
  ])('the id %s is refused', async (id) =>
    refusal(await post(`{"jsonrpc":"2.0","id":${id},"method":"ping"}`), 400, INVALID),
  );

  it.each([
    ['with its length', (body: string) => post(body)],
    ['in chunks', (body: string) => post(body, { 'transfer-encoding': 'chunked' })],
  ])('more bytes than allowed is refused, %s', async (_how, send) => {
    const fits = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { x: '' } });
    const body = (bytes: number): string => fits.replace('"x":""', `"x":"${'x'.repeat(bytes - fits.length)}"`);
    expect(jsonOf(await send(body(MAX_BODY)))).toMatchObject({ id: 1, result: {} });
    const answer = await send(body(MAX_BODY + 1));
    expect(answer.status).toBe(413);
    expect(jsonOf(answer)).toMatchObject({
      code: 'payload_too_large',
      detail: expect.stringContaining('MCP_MAX_BODY_BYTES'),
    });
  });
});

const modern = (change: { headers?: OutgoingHttpHeaders; meta?: object; params?: object }) => {
  const params = change.params ?? { name: 'tool', arguments: {} };
  const { body, headers } = modernMessage('tools/call', params, {
    headers: change.headers ?? {},
    meta: change.meta ?? {},
  });
  return post(body, headers);
};
const legacy = (headers: OutgoingHttpHeaders) => {
  const message = legacyMessage('tools/call', { name: 'tool' }, { headers });
  return post(message.body, message.headers);
};
const region = (region: unknown, headers: OutgoingHttpHeaders = {}) =>
  modern({ params: { name: 'tool', arguments: { region } }, headers });
const base64 = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

const HEADERS: [string, () => Promise<RawAnswer>, number, number, unknown?][] = [
  ['no Content-Type', () => legacy({ 'content-type': undefined }), 415, INVALID],
  ['text/plain', () => legacy({ 'content-type': 'text/plain' }), 415, INVALID],
  ['a form', () => legacy({ 'content-type': 'application/x-www-form-urlencoded' }), 415, INVALID],
  ['application/jsonp', () => legacy({ 'content-type': 'application/jsonp' }), 415, INVALID],
  ['an Accept without events', () => legacy({ accept: 'application/json' }), 406, INVALID, 1],
  ['an Accept without JSON', () => legacy({ accept: 'text/event-stream' }), 406, INVALID, 1],
  ['an Accept that says no', () => legacy({ accept: 'application/json;q=0, text/event-stream' }), 406, INVALID, 1],
  ['an old revision', () => legacy({ 'mcp-protocol-version': '2024-11-05' }), 400, INVALID, 1],
  ['an unknown revision', () => legacy({ 'mcp-protocol-version': '2025-13-01' }), 400, INVALID, 1],
  ['a revision that is none', () => legacy({ 'mcp-protocol-version': 'latest' }), 400, INVALID, 1],
  ['2026-07-28 and a body without it', () => legacy({ 'mcp-protocol-version': '2026-07-28' }), 400, PARAMS, 1],
  [
    'a revision to come',
    () => modern({ meta: { [META_VERSION]: '2027-01-01' }, headers: { 'mcp-protocol-version': '2027-01-01' } }),
    400,
    VERSION,
    1,
  ],
  [
    'another revision than the body',
    () => modern({ headers: { 'mcp-protocol-version': '2025-11-25' } }),
    400,
    MISMATCH,
    1,
  ],
  ['no revision', () => modern({ headers: { 'mcp-protocol-version': undefined } }), 400, MISMATCH, 1],
  [
    'no capabilities',
    () => modern({ meta: { 'io.modelcontextprotocol/clientCapabilities': undefined } }),
    400,
    PARAMS,
    1,
  ],
  ['a log level that is none', () => modern({ meta: { 'io.modelcontextprotocol/logLevel': 'loud' } }), 400, PARAMS, 1],
  ['no Mcp-Method', () => modern({ headers: { 'mcp-method': undefined } }), 400, MISMATCH, 1],
  ['another Mcp-Method', () => modern({ headers: { 'mcp-method': 'tools/list' } }), 400, MISMATCH, 1],
  ['Mcp-Method in capitals', () => modern({ headers: { 'mcp-method': 'Tools/Call' } }), 400, MISMATCH, 1],
  ['Mcp-Method twice', () => modern({ headers: { 'mcp-method': ['tools/call', 'tools/call'] } }), 400, MISMATCH, 1],
  ['no Mcp-Name', () => modern({ headers: { 'mcp-name': undefined } }), 400, MISMATCH, 1],
  ['another Mcp-Name', () => modern({ headers: { 'mcp-name': 'other' } }), 400, MISMATCH, 1],
  ['Mcp-Name twice', () => modern({ headers: { 'mcp-name': ['tool', 'tool'] } }), 400, MISMATCH, 1],
  ['another Mcp-Name in base64', () => modern({ headers: { 'mcp-name': base64('other') } }), 400, MISMATCH, 1],
  ['base64 that is none', () => modern({ headers: { 'mcp-name': '=?base64?dG9vbA?=' } }), 400, MISMATCH, 1],
  ['bytes above ASCII', () => modern({ headers: { 'mcp-name': 't\u00f6ol' } }), 400, MISMATCH, 1],
  [
    'the revision twice',
    () => modern({ headers: { 'mcp-protocol-version': ['2026-07-28', '2026-07-28'] } }),
    400,
    MISMATCH,
    1,
  ],
  ['no Mcp-Param for an argument', () => region('eu'), 400, MISMATCH, 1],
  ['another Mcp-Param', () => region('eu', { 'mcp-param-region': 'us' }), 400, MISMATCH, 1],
  ['Mcp-Param twice', () => region('eu', { 'mcp-param-region': ['eu', 'eu'] }), 400, MISMATCH, 1],
  ['an unknown session', () => legacy({ 'mcp-session-id': 'made-up' }), 404, -32001, 1],
];

describe('headers with', () => {
  it.each(HEADERS)(
    '%s are refused',
    async (_what, send, status, code, id) => refusal(await send(), status, code, id),
    5_000,
  );

  it.each([
    ['a charset', () => legacy({ 'content-type': 'Application/JSON; charset=utf-8' })],
    ['Mcp-Method from a legacy client', () => legacy({ 'mcp-method': 'tools/call' })],
    ['a session from a modern client', () => modern({ headers: { 'mcp-session-id': 'ignored' } })],
    ['Mcp-Name in base64', () => modern({ headers: { 'mcp-name': base64('tool') } })],
    ['blanks around a value', () => modern({ headers: { 'mcp-name': '  tool ' } })],
    ['Mcp-Param as the argument', () => region('Köln', { 'mcp-param-region': base64('Köln') })],
    ['Mcp-Param that nobody declared', () => modern({ headers: { 'mcp-param-other': 'x' } })],
    ['no Mcp-Param for null', () => region(null)],
  ])('%s are let in', async (_what, send) => {
    const answer = await send();
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect(jsonOf(answer)).toMatchObject({ id: 1, result: { content: [] } });
  });

  it('an unsupported revision are told what is supported', async () => {
    const headers = { 'mcp-protocol-version': '2030-01-01' };
    const answer = await modern({ meta: { [META_VERSION]: '2030-01-01' }, headers });
    expect(jsonOf(answer).error.data).toEqual({
      supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'],
      requested: '2030-01-01',
    });
  });
});
