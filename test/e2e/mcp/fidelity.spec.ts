import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, legacyMessage, modernMessage, type RawAnswer } from './raw-caller.js';
import { type Era, PAIRS, RawGate } from './raw-gate.js';
import { answering, eventOf, failing } from './raw-upstream.js';

const ODD_TOOL = {
  name: 'tool',
  inputSchema: { type: 'object', 'x-unknown': [1, { deep: null }] },
  annotations: { readOnlyHint: true, 'vendor/hint': 'kept' },
  icons: [{ src: 'data:image/png;base64,AA==', theme: 'dark' }],
  execution: { somethingElse: 1 },
  somethingNew: { since: '2027' },
};
/** What JSON.parse and JSON.stringify between them would change. */
const ODD_JSON =
  '{"one":1.0,"big":12345678901234567890,"small":1e-400,"text":"\\u00e9\\/ é","b":{"z":1,"10":2,"9":3}, "s" :  [ ] }';

let gate: RawGate;
let upstreams: RawGate['upstreams'];
let callers: RawGate['callers'];

beforeAll(async () => {
  gate = await RawGate.start({ tools: [ODD_TOOL] });
  ({ upstreams, callers } = gate);
});

afterAll(() => gate.stop());
beforeEach(() => gate.reset());

/** Calls the tool in the era `down` at the upstream of the era `up`. */
function call(down: Era, up: Era, edit: (body: string) => string = (body) => body): Promise<RawAnswer> {
  const message = down === 'modern' ? modernMessage : legacyMessage;
  const { body, headers } = message('tools/call', { name: 'tool', arguments: {} });
  return callers[up].post(edit(body), headers);
}

const withArguments = (json: string) => (body: string) => body.replace('"arguments":{}', `"arguments":${json}`);
const withId = (json: string) => (body: string) => body.replace('"id":1', `"id":${json}`);

describe.each(PAIRS)('a %s client at a %s upstream', (down, up) => {
  it('has its arguments arrive as it wrote them', async () => {
    await call(down, up, withArguments(ODD_JSON));
    expect(upstreams[up].seen.at(-1)?.body).toContain(`"arguments":${ODD_JSON}`);
  });

  it.each(['JSON', 'SSE'])('gets the result as the upstream wrote it, from %s', async (form) => {
    const result = `{"content":[],"structuredContent":${ODD_JSON},"resultType":"complete"}`;
    upstreams[up].script =
      form === 'JSON'
        ? answering(result)
        : ({ id, response }) => {
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            response.end(`: hello\n\nid: 7\ndata:\n\n${eventOf(`{"id":${id},"result":${result},"jsonrpc":"2.0"}`)}`);
          };
    const answer = await call(down, up);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.body.toString()).toContain(`"structuredContent":${ODD_JSON}`);
    expect(jsonOf(answer)).toMatchObject({ id: 1, result: { content: [] } });
    // Between equals nothing is changed, not even what should not be there.
    expect(jsonOf(answer).result.resultType).toBe(down === 'modern' || up === 'legacy' ? 'complete' : undefined);
  });

  it('gets a large result, complete and stamped', async () => {
    const text = 'é'.repeat(150_000);
    upstreams[up].script = answering(`{"content":[{"type":"text","text":"${text}"}],"structuredContent":${ODD_JSON}}`);
    const answer = await call(down, up);
    expect(answer.body.toString()).toContain(`"structuredContent":${ODD_JSON}`);
    expect(jsonOf(answer).result.content[0].text === text).toBe(true);
    expect(jsonOf(answer).result.resultType).toBe(down === 'modern' ? 'complete' : undefined);
  });

  it.each(['{}', ' { } ', '{"structuredContent":{"resultType":"red herring"}}'])(
    'sees the kind of a result that does not say it: %s',
    async (result) => {
      upstreams[up].script = answering(result);
      const answer = await call(down, up);
      expect(jsonOf(answer).result).toEqual({
        ...JSON.parse(result),
        ...(down === 'modern' && { resultType: 'complete' }),
      });
    },
  );

  it.each(['1', '0', '-5', '9007199254740991', '"1"', '""', '"a\\"b\\\\c"', '"\\u0041"', '"ключ 🔑"', '1.0', '1e2'])(
    'gets back its id %s as it wrote it',
    async (id) => {
      const answer = await call(down, up, withId(id));
      expect(answer.body.toString()).toContain(`"id":${id}`);
      upstreams[up].script = failing('{"code":-32602,"message":"no"}');
      expect((await call(down, up, withId(id))).body.toString()).toContain(`"id":${id}`);
    },
  );

  it('gets the errors of tools as they are', async () => {
    upstreams[up].script = failing(`{"code":4242,"message":"broke","data":${ODD_JSON}}`);
    const answer = await call(down, up);
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain(`"error":{"code":4242,"message":"broke","data":${ODD_JSON}}`);
  });

  it('sees every member of a tool that the upstream lists', async () => {
    const answer = await callers[up][down]('tools/list');
    expect(jsonOf(answer).result.tools).toEqual([ODD_TOOL]);
  });

  it('learns that a resource is missing in the words of its own era', async () => {
    const code = up === 'modern' ? -32602 : -32002;
    upstreams[up].script = failing(`{"code":${code},"message":"no","data":{"uri":"raw://many/1","n":1.0}}`);
    const answer = await callers[up][down]('resources/read', { uri: 'raw://many/1' });
    expect(jsonOf(answer)).toMatchObject({ error: { code: down === 'modern' ? -32602 : -32002 } });
    expect(answer.body.toString()).toContain('"data":{"uri":"raw://many/1","n":1.0}');
  });
});

describe('a URI that is not ASCII', () => {
  it.each(PAIRS)('is read by a %s client at a %s upstream', async (down, up) => {
    const uri = 'raw://many/ключ';
    const encoded = `=?base64?${Buffer.from(uri).toString('base64')}?=`;
    const headers = down === 'modern' ? { 'mcp-name': encoded } : {};
    expect(jsonOf(await callers[up][down]('resources/read', { uri }, { headers }))).toHaveProperty('result');
    const seen = upstreams[up].seen.at(-1);
    expect(seen?.body).toContain(`"uri":"${uri}"`);
    expect(seen?.headers['mcp-name']).toBe(up === 'modern' ? encoded : undefined);
  });
});

describe('between equals', () => {
  it.each(['small', 'large'])('a %s answer goes down byte for byte, the request up', async (size) => {
    const padding = 'x'.repeat(size === 'small' ? 10 : 200_000);
    const bytes = `{ "result" : {"content":[],"resultType":"complete","_meta":{"padding":"${padding}"}},\n"jsonrpc":"2.0","id": 1 }`;
    // An upstream that says what kind its results are is taken at its word.
    upstreams.modern.script = answering('{"content":[],"resultType":"complete"}');
    await call('modern', 'modern');
    upstreams.modern.script = ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(bytes);
    };
    let sent = '';
    const answer = await call('modern', 'modern', (body) => (sent = withArguments(ODD_JSON)(body).replace('{', '{ ')));
    expect(answer.body.toString() === bytes).toBe(true);
    expect(upstreams.modern.seen.at(-1)?.body).toBe(sent);
  });
});

describe('what only one era knows', () => {
  it('is taken out for a legacy client', async () => {
    const result = `{"contents":[],"ttlMs":5,"n":1.0,"cacheScope":"public","resultType":"complete"}`;
    upstreams.modern.script = answering(result);
    const answer = await callers.modern.legacy('resources/read', { uri: 'raw://one' });
    expect(answer.body.toString()).toContain('"result":{"contents":[],"n":1.0}');
  });

  it('is added for a modern client', async () => {
    upstreams.legacy.script = answering('{"contents":[]}');
    const answer = await callers.legacy.modern('resources/read', { uri: 'raw://one' });
    expect(jsonOf(answer).result).toEqual({ contents: [], resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  });

  it('is never told to be kept for others, nor left out', async () => {
    for (const [said, kept] of [
      ['{"contents":[],"resultType":"complete","ttlMs":500,"cacheScope":"public"}', { ttlMs: 500 }],
      ['{"contents":[],"resultType":"complete"}', { ttlMs: 0 }],
      [`{"contents":[{"text":"${'x'.repeat(100_000)}"}],"ttlMs":9,"cacheScope":"public"}`, { ttlMs: 9 }],
    ] as const) {
      upstreams.modern.script = answering(said);
      const answer = await callers.modern.modern('resources/read', { uri: 'raw://one' });
      expect(jsonOf(answer).result).toMatchObject({ ...kept, resultType: 'complete', cacheScope: 'private' });
    }
  });

  it.each([
    [-32601, 404],
    [-32021, 400],
    [-32602, 200],
  ])('gives the error %i its status %i for a modern client alone', async (code, status) => {
    upstreams.modern.script = failing(`{"code":${code},"message":"no"}`);
    expect(await call('modern', 'modern')).toMatchObject({ status });
    upstreams.legacy.script = failing(`{"code":${code},"message":"no"}`);
    expect(await call('modern', 'legacy')).toMatchObject({ status });
    expect(await call('legacy', 'legacy')).toMatchObject({ status: 200 });
  });

  it.each(['[1.0,2]', '"text"', '1.0'])('wraps structuredContent %s for a legacy client', async (json) => {
    upstreams.modern.script = answering(`{"content":[],"structuredContent":${json}}`);
    expect((await call('legacy', 'modern')).body.toString()).toContain(`"structuredContent":{"result":${json}}`);
    expect((await call('modern', 'modern')).body.toString()).toContain(`"structuredContent":${json}`);
  });
});
