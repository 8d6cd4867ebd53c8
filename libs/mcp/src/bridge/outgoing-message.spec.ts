import { describe, expect, it } from 'vitest';
import { RandomJson } from '../../../../test/fixtures/random-json.js';
import { SeededRandom } from '../../../../test/fixtures/seeded-random.js';
import { EnvelopeRefusal } from '../envelope-refusal.js';
import { openEnvelope } from '../envelope.js';
import type { McpCall } from '../mcp-call.js';
import { outgoingMessage, type OutgoingShape } from './outgoing-message.js';

const IDENTITY = { name: 'gate', version: '1' };
const LEGACY: OutgoingShape = {
  era: 'legacy',
  revision: '2025-11-25',
  id: undefined,
  targetName: undefined,
  identity: IDENTITY,
};
const MODERN: OutgoingShape = { ...LEGACY, era: 'modern', revision: '2026-07-28' };
const KEY = 'io.modelcontextprotocol/';
const OURS = `"${KEY}protocolVersion":"2026-07-28","${KEY}clientInfo":{"name":"gate","version":"1"},"${KEY}clientCapabilities":{}`;
const THEIRS = `"${KEY}protocolVersion":"2026-07-28","${KEY}clientInfo":{"name":"c","version":"2"},"${KEY}clientCapabilities":{"roots":{}}`;

function opened(body: string): McpCall {
  const message = JSON.parse(body) as { method: string; params?: { name?: string; uri?: string; _meta?: object } };
  const modern = body.includes(`${KEY}protocolVersion`);
  const name = message.method === 'resources/read' ? message.params?.uri : message.params?.name;
  const envelope = openEnvelope({
    door: 'mcp',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(modern && { 'mcp-protocol-version': '2026-07-28', 'mcp-method': message.method }),
      ...(modern && name !== undefined && { 'mcp-name': name }),
    },
    body: Buffer.from(body),
    limits: { maxDepth: 30, maxBatch: 10 },
  });
  const entry = envelope instanceof EnvelopeRefusal ? envelope : envelope.entries[0];
  if (!entry || entry instanceof EnvelopeRefusal) throw new Error(`refused: ${entry?.body()}`);
  return entry;
}

const up = (body: string, shape: Partial<OutgoingShape>, base = LEGACY): string =>
  outgoingMessage(opened(body), { ...base, ...shape }).toString();
const call = (params: string, id = '1'): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;

describe(outgoingMessage.name, () => {
  it('passes the received buffer on where nothing differs', () => {
    const legacy = opened(call('{"name":"echo","arguments":{"n":1.0}}'));
    expect(outgoingMessage(legacy, LEGACY)).toBe(legacy.bytes);
    expect(outgoingMessage(legacy, { ...LEGACY, targetName: 'echo' })).toBe(legacy.bytes);
    const modern = opened(call(`{"name":"echo","_meta":{${THEIRS}}}`));
    expect(outgoingMessage(modern, MODERN)).toBe(modern.bytes);
  });

  it.each(['1', '1.0', '-0', '9007199254740991', '"a"', '"a\\"\\u00e9"', '""', '"1"', '10e0'])(
    'puts our id in place of %s, and nothing else',
    (id) => {
      expect(up(call('{"name":"echo","id":7}', id), { id: 42 })).toBe(call('{"name":"echo","id":7}', '42'));
    },
  );

  it.each([
    ['{"name":"gate-echo"}', '{"name":"echo"}'],
    [
      '{ "name" : "gate-echo" , "arguments":{"name":"gate-echo","n":1.0} }',
      '{ "name" : "echo" , "arguments":{"name":"gate-echo","n":1.0} }',
    ],
    ['{"n\\u0061me":"g\\u0061te-echo"}', '{"n\\u0061me":"echo"}'],
    ['{"arguments":{"a":[{"name":"x"}]},"name":"gate-echo"}', '{"arguments":{"a":[{"name":"x"}]},"name":"echo"}'],
    ['{"uri":"file:///x","name":"gate-echo"}', '{"uri":"file:///x","name":"echo"}'],
  ])('names the tool in %s as the upstream does', (params, expected) => {
    expect(up(call(params), { targetName: 'echo' })).toBe(call(expected));
  });

  it('escapes a name that needs it', () => {
    expect(up(call('{"name":"x"}'), { targetName: 'a"b\\c\nd\ud800' })).toBe(call('{"name":"a\\"b\\\\c\\nd\\ud800"}'));
  });

  it('names the resource by the member that was judged, whatever stands beside it', () => {
    const read = (params: string): string => `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":${params}}`;
    const shape = { targetName: 'file:///real' };
    expect(up(read('{"uri":"gate:///x"}'), shape)).toBe(read('{"uri":"file:///real"}'));
    expect(up(read('{"name":"decoy","uri":"gate:///x"}'), shape)).toBe(read('{"name":"decoy","uri":"file:///real"}'));
    expect(up(read('{"uri":"gate:///x","taskId":"t","name":"decoy"}'), shape)).toBe(
      read('{"uri":"file:///real","taskId":"t","name":"decoy"}'),
    );
  });

  describe('to a modern upstream', () => {
    it.each([
      ['{"name":"a"}', `{"_meta":{${OURS}},"name":"a"}`],
      ['{ "name":"a" }', `{"_meta":{${OURS}}, "name":"a" }`],
      ['{"name":"a","_meta":{}}', `{"name":"a","_meta":{${OURS}}}`],
      ['{"_meta":{ },"name":"a"}', `{"_meta":{${OURS}},"name":"a"}`],
      [
        '{"name":"a","_meta":{"progressToken":1.0,"x/y":12345678901234567890}}',
        `{"name":"a","_meta":{${OURS},"progressToken":1.0,"x/y":12345678901234567890}}`,
      ],
      [
        `{"name":"a","_meta":{"${KEY}logLevel":"debug","a":1,"${KEY}clientInfo":{"name":"c","version":"2"}}}`,
        `{"name":"a","_meta":{${OURS},"a":1}}`,
      ],
    ])('says of %s what only a session knew', (params, expected) => {
      expect(up(call(params), {}, MODERN)).toBe(call(expected));
    });

    it('gives a request without parameters some', () => {
      expect(up(' {"jsonrpc":"2.0","id":1,"method":"tools/list"} ', {}, MODERN)).toBe(
        ` {"params":{"_meta":{${OURS}}},"jsonrpc":"2.0","id":1,"method":"tools/list"} `,
      );
      expect(up('{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{ }}', {}, MODERN)).toBe(
        `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{${OURS}} }}`,
      );
    });
  });

  describe('to a legacy upstream', () => {
    it.each([
      [`{${THEIRS}}`, '{}'],
      [`{"a":1.0,${THEIRS},"progressToken":"p","b":[1e400]}`, '{"a":1.0,"progressToken":"p","b":[1e400]}'],
      [`{ ${THEIRS} , "traceparent" : "00-ab" }`, '{"traceparent" : "00-ab"}'],
      [`{${THEIRS.replace('clientInfo', 'client\\u0049nfo')},"${KEY}logLevel":"info"}`, '{}'],
    ])('takes what a session knows out of %s', (meta, expected) => {
      expect(up(call(`{"name":"a","_meta":${meta}}`), {})).toBe(call(`{"name":"a","_meta":${expected}}`));
    });
  });

  it('edits everything at once', () => {
    const body = call(`{"_meta":{"p":1.0,${THEIRS}},"arguments":{"id":1,"name":"x"},"name":"gate-echo"}`, '"abc"');
    expect(up(body, { id: 9, targetName: 'echo' })).toBe(
      call('{"_meta":{"p":1.0},"arguments":{"id":1,"name":"x"},"name":"echo"}', '9'),
    );
  });

  it('keeps every other byte of random bodies', () => {
    const random = new SeededRandom(7);
    const json = new RandomJson(random);
    for (let round = 0; round < 2000; round += 1) {
      const id = random.pick(['1', '1.0', '-7', '"a"', '"\\"id\\":1"', '"é"']);
      const extra = json.value(3);
      const params = json.object([
        ['"name"', '"gate-echo"'],
        ['"arguments"', `{"a":${json.value(4)}}`],
        ['"x-extra"', extra],
        ['"_meta"', `{"a/b":${extra}}`],
      ]);
      const body = `${json.space()}${call(params, id)}${json.space()}`;
      const expected = (meta: string): string =>
        body
          .replace(`"id":${id}`, '"id":42')
          .replace('"gate-echo"', '"echo"')
          .replace(`{"a/b":${extra}}`, () => `{${meta}"a/b":${extra}}`);
      expect(up(body, { id: 42, targetName: 'echo' })).toBe(expected(''));
      expect(up(body, { id: 42, targetName: 'echo' }, MODERN)).toBe(expected(`${OURS},`));
    }
  });

  it('lets nobody of an older revision say what only a retry of 2026-07-28 says', () => {
    const smuggled = call('{"name":"echo","requestState":"of somebody","inputResponses":{"a":{}}}');
    expect(JSON.parse(up(smuggled, {}, MODERN)).params).toEqual({ name: 'echo', _meta: expect.anything() });
    expect(up(smuggled, {})).toBe(smuggled);
  });
});
