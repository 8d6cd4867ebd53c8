import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { openEnvelope, type Envelope } from './envelope.js';
import { rawId, type McpCall } from './mcp-call.js';
import { META_KEYS } from './meta-keys.js';

const LIMITS = { maxDepth: 20, maxBatch: 3 };
const BOTH = 'application/json, text/event-stream';
const META = { [META_KEYS.protocolVersion]: '2026-07-28', [META_KEYS.clientCapabilities]: {} };

function post(
  body: unknown,
  headers: IncomingHttpHeaders = {},
  door: 'mcp' | 'rpc' = 'mcp',
): Envelope | EnvelopeRefusal {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const all = { 'content-type': 'application/json', accept: BOTH, ...headers };
  return openEnvelope({
    door,
    headers: all,
    rawHeaders: Object.entries(all).flatMap(([k, v]) => [k, String(v)]),
    body: bytes,
    limits: LIMITS,
  });
}

function call(body: unknown, headers?: IncomingHttpHeaders, door?: 'mcp' | 'rpc'): McpCall {
  const opened = post(body, headers, door);
  if (opened instanceof EnvelopeRefusal) throw new Error(opened.message);
  const [entry] = opened.entries;
  if (entry === undefined || entry instanceof EnvelopeRefusal) throw new Error('no call');
  return entry;
}

/** `status code id`, then the message. */
function refusal(opened: Envelope | EnvelopeRefusal): [string, string] {
  if (!(opened instanceof EnvelopeRefusal)) return ['let in', ''];
  return [`${opened.httpStatus} ${opened.code} ${JSON.stringify(opened.id)}`, opened.message];
}

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

describe(openEnvelope.name, () => {
  it('bounds the params of each message, and the name of its method', () => {
    const limits = { maxDepth: 20, maxBatch: 3, maxMethodLength: 20, maxParamsBytes: 100 };
    const headers = { 'content-type': 'application/json', accept: BOTH };
    const opened = (body: unknown) =>
      openEnvelope({ door: 'mcp', headers, body: Buffer.from(JSON.stringify(body)), limits });
    const listing = (size: number) => ({ ...PING, params: { x: 'y'.repeat(size) } });
    const large = '400 -32600 1';
    expect(opened(listing(100 - '{"x":""}'.length))).not.toBeInstanceOf(EnvelopeRefusal);
    expect(refusal(opened(listing(101)))).toEqual([large, expect.stringContaining('VALIDATION_MAX_RPC_PARAM_SIZE')]);
    expect(refusal(opened({ ...PING, method: 'x'.repeat(21) }))).toEqual([
      large,
      expect.stringContaining('20 characters'),
    ]);
    const batch = opened([PING, listing(101)]);
    expect(
      batch instanceof EnvelopeRefusal ? [] : batch.entries.map((entry) => entry instanceof EnvelopeRefusal),
    ).toEqual([false, true]);
  });

  it.each([undefined, '', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'refuses the content type %j',
    (type) => {
      expect(refusal(post(PING, { 'content-type': type }))).toEqual([
        '415 -32600 undefined',
        'Content-Type must be application/json',
      ]);
    },
  );

  it.each<[string, string | Buffer, string]>([
    ['an empty body', '', '400 -32700 undefined'],
    ['half a message', '{"jsonrpc":"2.0","id":1', '400 -32700 undefined'],
    ['a byte order mark', '\u{feff}{}', '400 -32700 undefined'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), '400 -32700 undefined'],
    ['a deep body', '['.repeat(100_000), '400 -32600 undefined'],
    ['a repeated member', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}', '400 -32600 undefined'],
    [
      'a member hidden by an escape',
      '{"jsonrpc":"2.0","id":1,"method":"ping","m\\u0065thod":"x"}',
      '400 -32600 undefined',
    ],
    ['__proto__', '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{}}}', '400 -32600 undefined'],
    ['a string', '"ping"', '400 -32600 undefined'],
    ['null', 'null', '400 -32600 undefined'],
    ['a number', '1', '400 -32600 undefined'],
    ['an empty object', '{}', '400 -32600 undefined'],
  ])('refuses %s', (_, body, expected) => {
    expect(refusal(post(body))[0]).toBe(expected);
  });

  it.each<[object, string, string]>([
    [{ jsonrpc: undefined }, '1', 'jsonrpc must be "2.0"'],
    [{ jsonrpc: '1.0' }, '1', 'jsonrpc must be "2.0"'],
    [{ jsonrpc: 2 }, '1', 'jsonrpc must be "2.0"'],
    [{ id: null }, 'undefined', 'id must be a string of at most 256 bytes or an integer'],
    [{ id: 1.5 }, 'undefined', 'id must be a string of at most 256 bytes or an integer'],
    [{ id: true }, 'undefined', 'id must be a string of at most 256 bytes or an integer'],
    [{ id: {} }, 'undefined', 'id must be a string of at most 256 bytes or an integer'],
    [{ id: 2 ** 53 }, 'undefined', 'id must be a string of at most 256 bytes or an integer'],
    [{ id: 'x'.repeat(257) }, 'undefined', 'id must be a string of at most 256 bytes or an integer'],
    [{ method: undefined }, '1', 'method is missing'],
    [{ method: null }, '1', 'method must be a name of at most 128 characters'],
    [{ method: '' }, '1', 'method must be a name of at most 128 characters'],
    [{ method: 7 }, '1', 'method must be a name of at most 128 characters'],
    [{ method: 'tools/list\n' }, '1', 'method must be a name of at most 128 characters'],
    [{ method: '/ping' }, '1', 'method must be a name of at most 128 characters'],
    [{ method: 'pïng' }, '1', 'method must be a name of at most 128 characters'],
    [{ method: 'x'.repeat(129) }, '1', 'method must be a name of at most 128 characters'],
    [{ params: [] }, '1', 'params must be an object'],
    [{ params: null }, '1', 'params must be an object'],
    [{ params: 'x' }, '1', 'params must be an object'],
    [{ result: {} }, '1', 'a message with a method has no result or error'],
    [{ error: { code: 1, message: '' } }, '1', 'a message with a method has no result or error'],
    [{ Method: 'tools/list' }, '1', 'a member of the message can be mistaken for method'],
    [{ params: { Name: 'x' } }, '1', 'a member of the message can be mistaken for name'],
    [{ id: undefined }, 'undefined', 'ping must have an id'],
  ])('refuses a ping with %j', (change, id, message) => {
    expect(refusal(post({ ...PING, ...change }))).toEqual([`400 -32600 ${id}`, message]);
    expect(refusal(post({ ...PING, ...change }, {}, 'rpc'))).toEqual([`400 -32600 ${id}`, message]);
  });

  it('refuses an id spelled to be long', () => {
    expect(refusal(post(`{"jsonrpc":"2.0","id":1.${'0'.repeat(100)},"method":"ping"}`))[0]).toBe(
      '400 -32600 undefined',
    );
  });

  it.each(['1', '1.0', '-0', '1e2', '9007199254740991', '""', '"a\\u0062"', '"größe"'])(
    'keeps the id %s as written',
    (id) => {
      const opened = call(`{ "jsonrpc":"2.0", "id" : ${id} ,"method":"ping"}`);
      expect(rawId(opened)).toBe(id);
      expect(opened.id).toEqual(JSON.parse(id));
    },
  );

  it('gives a call of one shape, frozen', () => {
    const body = {
      jsonrpc: '2.0',
      id: 'a',
      method: 'tools/call',
      params: { name: 'echo', arguments: { n: 1 }, _meta: { ...META, progressToken: 7 } },
    };
    const opened = call(body, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' });
    expect(opened).toMatchObject({
      era: 'modern',
      revision: '2026-07-28',
      kind: 'request',
      id: 'a',
      method: 'tools/call',
      targetName: 'echo',
      params: body.params,
      meta: { ...META, progressToken: 7 },
      progressToken: 7,
      clientCapabilities: {},
      logLevel: undefined,
      message: body,
    });
    expect(opened.bytes.toString()).toBe(JSON.stringify(body));
    expect(opened.bytes.toString('utf8', opened.scan.arguments?.start, opened.scan.arguments?.end)).toBe('{"n":1}');
    expect(Object.isFrozen(opened)).toBe(true);
    expect(Object.keys(call(PING))).toEqual(Object.keys(opened));
  });

  it('answers a refusal with the id that could be read', () => {
    const opened = post({ ...PING, jsonrpc: '1.0' });
    expect(opened instanceof EnvelopeRefusal && JSON.parse(opened.body())).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32600, message: 'jsonrpc must be "2.0"' },
    });
  });

  describe('Accept', () => {
    const modern = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: META } };

    it.each(['application/json', 'text/event-stream', 'text/html', 'application/*', 'application/json;q=0, */*'])(
      'refuses a legacy call that takes only %s',
      (accept) => {
        expect(refusal(post(PING, { accept }))[0]).toBe('406 -32600 1');
        expect(refusal(post([PING], { accept }))[0]).toBe('406 -32600 undefined');
        expect(refusal(post({ jsonrpc: '2.0', method: 'notifications/initialized' }, { accept }))[0]).toBe(
          '406 -32600 undefined',
        );
      },
    );

    it.each([undefined, '*/*', BOTH, 'application/*, text/*'])('lets a legacy call through that takes %s', (accept) => {
      expect(call(PING, { accept }).method).toBe('ping');
    });

    it('is not asked for at the rpc door or on modern calls', () => {
      expect(call(PING, { accept: 'text/html' }, 'rpc').method).toBe('ping');
      const headers = { accept: 'text/html', 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };
      expect(call(modern, headers).era).toBe('modern');
    });
  });
});
