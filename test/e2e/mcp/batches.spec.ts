import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS, RawGate } from './raw-gate.js';
import { failing } from './raw-upstream.js';

const HEADERS = { 'mcp-protocol-version': '2025-03-26' };
const message = (id: unknown, method: string, params: object = {}): object => ({ jsonrpc: '2.0', id, method, params });
const notification = (method: string): object => ({ jsonrpc: '2.0', method });
const callOf = (id: unknown, text: string): object => message(id, 'tools/call', { name: 'tool', arguments: { text } });

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start();
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

describe.each(ERAS)('a batch of 2025-03-26 at a %s upstream', (up) => {
  const post = (messages: unknown, headers: object = HEADERS) =>
    gate.callers[up].post(JSON.stringify(messages), { ...headers });

  it('is answered in one array, each message by itself', async () => {
    gate.upstreams[up].script = ({ id, body, response }) => {
      const text = /"text":("[^"]*")/.exec(body)?.[1];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":${text}}]}}`);
    };
    const answer = await post([
      callOf('a', 'first'),
      notification('notifications/initialized'),
      callOf(2, 'second'),
      message(3, 'tools/list'),
      message(4, 'ping'),
      message(5, 'tools/call', { name: 'nothing' }),
      message(6, 'no/such/method'),
      message(7, 'tools/call'),
      { jsonrpc: '1.0', id: 8, method: 'ping' },
      'no object',
      message(1.5, 'ping'),
    ]);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(jsonOf(answer)).toMatchObject([
      { id: 'a', result: { content: [{ text: 'first' }] } },
      { id: 2, result: { content: [{ text: 'second' }] } },
      { id: 3, result: { tools: [{ name: 'tool' }] } },
      { id: 4, result: {} },
      { id: 5, error: { code: -32602, message: 'Unknown tool: nothing' } },
      { id: 6, error: { code: -32601 } },
      { id: 7, error: { code: -32602 } },
      { id: 8, error: { code: -32600 } },
      { error: { code: -32600 } },
      { error: { code: -32600 } },
    ]);
  });

  it('of notifications alone is taken with 202', async () => {
    const answer = await post([notification('notifications/initialized'), notification('notifications/x')]);
    expect(answer.status).toBe(202);
    expect(answer.body).toHaveLength(0);
  });

  it('is not spoilt by an answer that only looks like JSON', async () => {
    gate.upstreams[up].script = ({ id, body, response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"jsonrpc":"2.0","id":${id},"result":{"content":[${body.includes('"bad"') ? 'x' : ''}]}}`);
    };
    expect(jsonOf(await post([callOf(1, 'bad'), callOf(2, 'good')]))).toMatchObject([
      { id: 1, error: { code: -32603, data: { reason: 'upstream_invalid_answer' } } },
      { id: 2, result: { content: [] } },
    ]);
  });

  it('keeps the failure of one message from the others', async () => {
    gate.upstreams[up].script = (exchange) => {
      if (exchange.body.includes('"dies"')) exchange.request.socket.destroy();
      else return failing('{"code":1,"message":"no"}')(exchange);
    };
    expect(jsonOf(await post([callOf(1, 'dies'), callOf(2, 'fails'), message(3, 'ping')]))).toMatchObject([
      { id: 1, error: { code: -32603, data: { reason: 'upstream_closed' } } },
      { id: 2, error: { code: 1, message: 'no' } },
      { id: 3, result: {} },
    ]);
  });

  it('gives a denied message an error of its own', async () => {
    const token = await gate.running.mint(`readers ${up}`, { permissions: ['tools.read'] });
    const caller = new RawCaller(gate.callers[up].endpoint, token);
    const answer = await caller.post(JSON.stringify([callOf(1, 'x'), message(2, 'tools/list')]), HEADERS);
    caller.close();
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toMatchObject([
      { id: 1, error: { code: -32603, data: { reason: 'token_permission_scope', permission: 'tools.execute' } } },
      { id: 2, result: { tools: [{ name: 'tool' }] } },
    ]);
    expect(gate.upstreams[up].seen.filter(({ body }) => body.includes('tools/call'))).toEqual([]);
  });

  it.each([
    ['of a later revision', [message(1, 'ping')], { 'mcp-protocol-version': '2025-06-18' }],
    ['that is empty', [], HEADERS],
    ['with initialize in it', [message(1, 'initialize', { protocolVersion: '2025-03-26' })], HEADERS],
    ['of 101 messages', Array.from({ length: 101 }, (_, id) => message(id, 'ping')), HEADERS],
    [
      'with a message of 2026-07-28 in it',
      [message(1, 'tools/list', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } })],
      HEADERS,
    ],
    ['with a response in it', [{ jsonrpc: '2.0', id: 1, result: {} }], HEADERS],
  ])('%s is refused whole', async (_what, messages, headers) => {
    const answer = await post(messages, headers);
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ error: { code: -32600 } });
  });

  it('in a session that is not ours is refused whole', async () => {
    for (const first of [message(1, 'ping'), 'no object']) {
      const answer = await post([first, callOf(2, 'x')], { ...HEADERS, 'mcp-session-id': 'somebody-elses' });
      expect(answer.status).toBe(404);
    }
    expect(gate.upstreams[up].seen).toEqual([]);
  });

  it('of 100 messages is answered whole', async () => {
    const answer = await post(Array.from({ length: 100 }, (_, id) => callOf(id, `${id}`)));
    expect(jsonOf(answer).map(({ id }: { id: number }) => id)).toEqual(Array.from({ length: 100 }, (_, id) => id));
  });
});
