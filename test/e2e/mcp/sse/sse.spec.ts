import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { jsonOf, RawCaller, whole } from '../raw-caller.js';
import { RawGate } from '../raw-gate.js';
import { eventOf } from '../raw-upstream.js';
import { usageOf } from '../usage-of.js';
import { McpClient } from '../sessions/mcp-client.js';
import { askForStream, SseClient, type Where } from './sse-client.js';

const ABLE = { sampling: {}, elicitation: {}, roots: {} };
const PING = { id: 1, method: 'ping' };
const CALL = { id: 7, method: 'tools/call', params: { name: 'tool', _meta: { progressToken: 'p' } } };
const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';
const isCall = ({ body }: { body: string }): boolean => body.includes('"tools/call"');

let gate: RawGate;
/** The virtual server of the upstream with sessions. */
let path: string;
let other: string;
const open: SseClient[] = [];
beforeAll(async () => {
  gate = await RawGate.start();
  path = new URL(gate.callers.legacy.endpoint).pathname.replace(/mcp$/, 'sse');
  other = await secondAdministrator(gate.running);
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

const where = (more: Partial<Where> = {}): Where => ({ running: gate.running, token: gate.token, path, ...more });

async function client(capabilities: object | null = ABLE, more: Partial<Where> = {}, revision?: string) {
  const opened = await SseClient.open(where(more), capabilities, revision);
  open.push(opened);
  return opened;
}

/** A tool that reports once and goes on until it is told to end. */
function working(): { end: () => void; readonly closed: Promise<unknown> } {
  const tool: { end: () => void; closed: Promise<unknown> } = { end: () => undefined, closed: Promise.resolve() };
  gate.upstreams.legacy.script = ({ id, response }) => {
    tool.closed = once(response, 'close');
    tool.end = () => response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventOf(PROGRESS));
  };
  return tool;
}

describe('the stream', () => {
  it.each(['/sse', '/sse/', 'SERVER', 'SERVER/', '/v1/sse'])('first names where to send messages: %s', async (at) => {
    const opened = await client(null, { path: at.replace('SERVER', path) });
    const prefix = at.startsWith('SERVER') ? path.replace(/sse$/, 'message') : '/message';
    expect(opened.endpoint).toMatch(new RegExp(`^${prefix}\\?session_id=[\\w.-]+$`));
    expect(opened.stream.answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(await opened.request('ping')).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it('believes no stranger about a prefix', async () => {
    const answer = await askForStream(where(), { 'x-forwarded-prefix': '/elsewhere' });
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toContain(`data: ${path.replace(/sse$/, 'message')}?`);
    answer.destroy();
  });

  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
    'opens a session of %s',
    async (protocolVersion) => {
      const opened = await client(null);
      const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } };
      expect(await opened.request('initialize', params)).toMatchObject({
        id: 1,
        result: { protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'portcullis' } },
      });
      const header = { 'mcp-protocol-version': protocolVersion };
      expect((await opened.send(PING, header)).status).toBe(202);
      expect(await opened.stream.message()).toMatchObject({ id: 1, result: {} });
      expect(await opened.request('initialize', params)).toMatchObject({ error: { code: -32600 } });
    },
  );

  it('has the answers of the upstream, what came before them, and errors', async () => {
    const opened = await client();
    expect((await opened.request('tools/list')).result.tools).toMatchObject([{ name: 'tool' }]);
    const tool = working();
    const { status, body } = await opened.send(CALL);
    expect([status, body.toString()]).toEqual([202, '{"status":"success"}']);
    expect(await opened.stream.next()).toEqual({ event: 'message', data: PROGRESS });
    tool.end();
    expect(await opened.stream.message()).toEqual({ jsonrpc: '2.0', id: 7, result: { content: [] } });
    expect(await opened.request('tools/call', { name: 'unknown' })).toMatchObject({ error: { code: -32602 } });
    expect(await opened.request('no/such')).toMatchObject({ error: { code: -32601 } });
    expect(await opened.request('tools/call')).toMatchObject({ error: { code: -32602 } });
  });

  it('has large answers whole, in what order they come', async () => {
    const text = 'x'.repeat(3_000_000);
    gate.upstreams.legacy.script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"${text}"}]}}`);
    };
    const opened = await client();
    await Promise.all([1, 2].map((id) => opened.send({ ...CALL, id })));
    const answers = [await opened.stream.message(), await opened.stream.message()];
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, 2]));
    for (const { result } of answers) expect(result.content[0].text).toHaveLength(text.length);
  });

  it('asks the client what an upstream asks, and takes its answer there', async () => {
    const { legacy } = gate.upstreams;
    legacy.script = async ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf('{"jsonrpc":"2.0","id":0,"method":"sampling/createMessage","params":{"messages":[]}}'));
      const { body } = await legacy.until(({ body }) => body.includes('"role"'));
      response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":${body}}}`));
    };
    const opened = await client();
    await opened.send(CALL);
    const { id, method } = await opened.stream.message();
    expect(method).toBe('sampling/createMessage');
    expect((await opened.send({ id, result: { role: 'assistant' } })).status).toBe(202);
    const { result } = await opened.stream.message();
    expect(result.structuredContent).toMatchObject({ id: 0, result: { role: 'assistant' } });
    expect(legacy.opened.at(-1)?.params.capabilities).toEqual(ABLE);
  });

  it('asks the questions of an upstream of 2026-07-28, too', async () => {
    gate.upstreams.modern.script = ({ body, response }) => {
      const { id, params } = JSON.parse(body);
      const result = params.inputResponses
        ? { resultType: 'complete', content: [], structuredContent: params.inputResponses }
        : { resultType: 'input_required', inputRequests: { who: { method: 'roots/list', params: {} } } };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    };
    const modern = new URL(gate.callers.modern.endpoint).pathname.replace(/mcp$/, 'sse');
    const opened = await client(ABLE, { path: modern });
    await opened.send(CALL);
    const { id } = await opened.stream.message();
    await opened.send({ id, result: { roots: [] } });
    expect((await opened.stream.message()).result.structuredContent).toEqual({ who: { roots: [] } });
  });

  it('says what has changed', async () => {
    const opened = await client();
    const { body } = await gate.running.rest('GET', '/tools?limit=500');
    const tool = body.find(({ name }: { name: string }) => name.startsWith('legacy'));
    await gate.running.rest('PUT', `/tools/${tool.id}`, { description: `changed ${Date.now()}` });
    expect(await opened.stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
  });

  it('has the answer to a batch where the revision knows them', async () => {
    const batch = JSON.stringify([1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'ping' })));
    const old = await client(ABLE, {}, '2025-03-26');
    expect((await old.post(batch)).status).toBe(202);
    expect(await old.stream.message()).toMatchObject([{ id: 1 }, { id: 2 }]);
    const first = await client();
    expect(jsonOf(await first.post(batch))).toMatchObject({ error: { code: -32600 } });
  });

  it('is of older revisions alone, and says so', async () => {
    const opened = await client();
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    const answer = await opened.request('server/discover', { _meta: meta });
    expect(answer.error).toMatchObject({ code: -32022, data: { requested: '2026-07-28' } });
    expect(answer.error.data.supported).toEqual(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']);
    expect((await opened.send(PING, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
  });

  it('ends a call that is cancelled', async () => {
    const tool = working();
    const opened = await client();
    await opened.send(CALL);
    await opened.stream.message();
    await opened.send({ method: 'notifications/cancelled', params: { requestId: 7 } });
    expect(await opened.stream.message()).toMatchObject({ id: 7, error: { data: { reason: 'cancelled' } } });
    await tool.closed;
  });

  it('takes the calls and the session with it when the client leaves', async () => {
    const tool = working();
    const opened = await client();
    await opened.send(CALL, { 'x-correlation-id': 'left-alone' });
    await opened.stream.message();
    const { headers } = await gate.upstreams.legacy.until(isCall);
    opened.close();
    await tool.closed;
    await gate.upstreams.legacy.untilEnded(String(headers['mcp-session-id']));
    await expect.poll(async () => (await opened.send(PING)).status).toBe(404);
    expect(await usageOf(gate.running, 'left-alone')).toMatchObject({ mcp_method: 'tools/call', status_code: 202 });
  });

  it('leaves one row in the usage log for each message, when it has been answered', async () => {
    const opened = await client();
    await opened.send({ ...CALL, params: { name: 'tool' } }, { 'x-correlation-id': 'sse-call' });
    await opened.stream.message();
    expect(await usageOf(gate.running, 'sse-call')).toMatchObject({
      mcp_method: 'tools/call',
      target: 'tool',
      outcome: 'ok',
      bytes_out: expect.any(Number),
    });
  });
});

describe('who is refused', () => {
  it.each([
    [undefined, 401],
    ['not-a-token', 401],
  ])('a caller with the token %s', async (token, status) => {
    for (const at of ['/sse', path]) {
      const answer = await whole(await askForStream(where({ token, path: at })));
      expect(answer.status).toBe(status);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
    const opened = await client();
    expect((await opened.at({ token }).send(PING)).status).toBe(status);
  });

  it.each([
    ['Origin', { origin: 'https://evil.example' }, 403],
    ['Host', { host: 'evil.example' }, 403],
    ['Accept', { accept: 'application/json' }, 406],
  ])('one with a foreign %s', async (_what, headers, status) => {
    expect((await whole(await askForStream(where(), headers))).status).toBe(status);
    if (status === 406) return;
    const opened = await client();
    expect((await opened.send(PING, headers)).status).toBe(status);
  });

  it('a virtual server that is none', async () => {
    expect((await whole(await askForStream(where({ path: '/servers/nowhere/sse' })))).status).toBe(404);
    const opened = await client();
    const elsewhere = opened.endpoint.replace(/^.*\?/, '/servers/nowhere/message?');
    expect((await opened.at({ endpoint: elsewhere }).send(PING)).status).toBe(404);
  });

  it.each(['HEAD', 'POST', 'DELETE', 'PUT'])('the method %s', async (method) => {
    const caller = new RawCaller(gate.running.url + path, gate.token);
    expect([404, 405]).toContain((await whole(await caller.send(method, undefined))).status);
    caller.close();
  });

  it('a message without a session, with one that was made up, or of another', async () => {
    const opened = await client();
    const to = (endpoint: string) => opened.at({ endpoint }).send(PING, { 'x-correlation-id': 'no-session' });
    const [bare = ''] = opened.endpoint.split('?');
    expect((await to(bare)).status).toBe(400);
    expect((await to(`${bare}?session_id=`)).status).toBe(400);
    expect((await to(`${opened.endpoint}&session_id=x`)).status).toBe(400);
    const madeUp = await to(`${bare}?session_id=made-up`);
    expect(madeUp.status).toBe(404);
    const stolen = await opened.at({ token: other }).send(PING, { 'x-correlation-id': 'sse-thief' });
    expect([stolen.status, stolen.body]).toEqual([404, madeUp.body]);
    expect(await usageOf(gate.running, 'sse-thief')).toMatchObject({ block_reason: 'foreign_session' });
    expect(await opened.request('ping')).toMatchObject({ result: {} });
  });

  it('a session at another endpoint, or another transport', async () => {
    const opened = await client();
    const id = opened.endpoint.replace(/^.*session_id=/, '');
    const modern = new URL(gate.callers.modern.endpoint).pathname.replace(/mcp$/, 'message');
    for (const endpoint of [`/message?session_id=${id}`, `${modern}?session_id=${id}`]) {
      expect((await opened.at({ endpoint }).send(PING)).status).toBe(404);
    }
    const streamable = await McpClient.open(gate.callers.legacy);
    const headers = { 'mcp-session-id': id };
    expect((await streamable.caller.legacy('tools/list', {}, { headers })).status).toBe(404);
    const [bare = ''] = opened.endpoint.split('?');
    expect((await opened.at({ endpoint: `${bare}?session_id=${streamable.sessionId}` }).send(PING)).status).toBe(404);
  });

  it('what is no message', async () => {
    const opened = await client();
    for (const body of ['', '{', '[]', '1', '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}']) {
      expect((await opened.post(body)).status).toBe(400);
    }
    expect((await opened.send(PING, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('more messages than a session may have waiting', async () => {
    gate.upstreams.legacy.script = () => undefined;
    const opened = await client();
    const statuses: number[] = [];
    for (let id = 0; id <= 100; id += 1) statuses.push((await opened.send({ ...CALL, id })).status);
    expect([...new Set(statuses)]).toEqual([202, 429]);
    expect(statuses.indexOf(429)).toBe(100);
  });
});

describe('a credential that ends', () => {
  it('ends the stream, and what was called', async () => {
    const token = await gate.running.mint('short-lived sse');
    const { body } = await gate.running.rest('GET', '/tokens?limit=100');
    const { id } = body.tokens.find((row: { name: string }) => row.name === 'short-lived sse');
    const tool = working();
    const opened = await client(ABLE, { token });
    await opened.send(CALL);
    await opened.stream.message();
    expect((await gate.running.rest('DELETE', `/tokens/${id}`)).status).toBe(204);
    for (let event = await opened.stream.next(); event; event = await opened.stream.next());
    await tool.closed;
    expect((await opened.send(PING)).status).toBe(401);
  });
});

describe('where it is not served', () => {
  it.each([{ MCP_SSE_ENABLED: 'false' }, { USE_STATEFUL_SESSIONS: 'false' }])('%o', async (settings) => {
    const without = await RawGate.start({}, settings);
    for (const [method, at] of [
      ['GET', '/sse'],
      ['POST', '/message?session_id=x'],
    ] as const) {
      const caller = new RawCaller(without.running.url + at, without.token);
      expect((await whole(await caller.send(method, method === 'POST' ? '{}' : undefined))).status).toBe(404);
      caller.close();
    }
    await without.stop();
  });

  it('no more streams are open than a user may have', async () => {
    const few = await RawGate.start({}, { MCP_MAX_STREAMS_PER_USER: '1' });
    const at = { running: few.running, token: few.token, path: '/sse' };
    const first = await SseClient.open(at);
    expect((await whole(await askForStream(at))).status).toBe(429);
    first.close();
    await expect.poll(async () => (await askForStream(at)).statusCode).toBe(200);
    await few.stop();
  });
});
