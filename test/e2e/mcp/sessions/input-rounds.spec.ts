import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, RawCaller } from '../raw-caller.js';
import { RawGate } from '../raw-gate.js';
import { eventOf, type RawExchange } from '../raw-upstream.js';
import { EventStream, McpClient } from './mcp-client.js';

const ABLE = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} };
const META = 'io.modelcontextprotocol';
const ELICIT = { method: 'elicitation/create', params: { message: 'Who?', requestedSchema: { type: 'object' } } };
const DONE = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };

let gate: RawGate;
let caller: RawCaller;
beforeAll(async () => {
  gate = await RawGate.start();
  caller = gate.callers.modern;
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

/** Answers the rounds of a call in turn, and keeps what came up. */
function answering(...results: object[]): {
  readonly params: ReturnType<typeof JSON.parse>[];
  readonly ids: unknown[];
} {
  const [params, ids]: [unknown[], unknown[]] = [[], []];
  gate.upstreams.modern.script = ({ body, response }: RawExchange) => {
    const sent = JSON.parse(body);
    params.push(sent.params);
    ids.push(sent.id);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: sent.id, result: results[params.length - 1] }));
  };
  return { params, ids };
}

const asking = (inputRequests: object, requestState?: string): object => ({
  resultType: 'input_required',
  inputRequests,
  ...(requestState !== undefined && { requestState }),
});

async function call(client: McpClient): Promise<EventStream> {
  return new EventStream(await client.begin('tools/call', { name: 'tool', arguments: { n: 1 } }, { id: 7 }));
}

describe('a client with a session at an upstream of 2026-07-28', () => {
  it('is asked what the upstream wants to know, in the middle of its call', async () => {
    const state = 'ünïcode "state"\n';
    const up = answering(asking({ user_name: ELICIT, more: { method: 'roots/list' } }, state), DONE);
    const client = await McpClient.open(caller, ABLE);
    const stream = await call(client);
    const [first, second] = [await stream.message(), await stream.message()];
    expect(first).toEqual({ jsonrpc: '2.0', id: expect.any(String), ...ELICIT });
    expect(second).toEqual({ jsonrpc: '2.0', id: expect.any(String), method: 'roots/list', params: {} });
    await client.send({ jsonrpc: '2.0', id: second.id, result: { roots: [] } });
    await client.send({ jsonrpc: '2.0', id: first.id, result: { action: 'accept', content: { name: 'Ada' } } });
    expect(await stream.message()).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: { content: [{ type: 'text', text: 'done' }] },
    });
    expect(up.params[1]).toMatchObject({
      name: 'tool',
      arguments: { n: 1 },
      inputResponses: { user_name: { action: 'accept', content: { name: 'Ada' } }, more: { roots: [] } },
      requestState: state,
    });
    expect(up.ids[1]).not.toBe(up.ids[0]);
    for (const { _meta } of up.params) {
      expect(_meta[`${META}/clientCapabilities`]).toEqual(ABLE);
      expect(_meta[`${META}/logLevel`]).toBe('info');
    }
  });

  it('is asked again in later rounds, with the state of the last one alone', async () => {
    const up = answering(asking({ a: ELICIT }, 'one'), asking({ b: ELICIT }), asking({}, 'three'), DONE);
    const client = await McpClient.open(caller, ABLE);
    const stream = await call(client);
    for (const name of ['a', 'b']) {
      const { id } = await stream.message();
      await client.send({ jsonrpc: '2.0', id, result: { action: 'decline', name } });
    }
    expect(await stream.message()).toMatchObject({ id: 7, result: {} });
    expect(
      up.params.map(({ inputResponses, requestState }) => [Object.keys(inputResponses ?? {}), requestState]),
    ).toEqual([
      [[], undefined],
      [['a'], 'one'],
      [['b'], undefined],
      [[], 'three'],
    ]);
  });

  it('says no to an elicitation with an error', async () => {
    const up = answering(asking({ a: ELICIT }), DONE);
    const client = await McpClient.open(caller, ABLE);
    const stream = await call(client);
    const { id } = await stream.message();
    await client.send({ jsonrpc: '2.0', id, error: { code: -1, message: 'no' } });
    expect(await stream.message()).toMatchObject({ id: 7, result: {} });
    expect(up.params[1].inputResponses).toEqual({ a: { action: 'cancel' } });
  });

  it('gets the id by which a client of its revision knows a URL', async () => {
    answering(
      asking({ a: { method: 'elicitation/create', params: { mode: 'url', url: 'https://example.com' } } }),
      DONE,
    );
    const client = await McpClient.open(caller, ABLE);
    const asked = await (await call(client)).message();
    expect(asked.params).toEqual({ mode: 'url', url: 'https://example.com', elicitationId: expect.any(String) });
  });

  it.each([
    ['what it did not declare', {}, asking({ a: ELICIT })],
    ['what nobody can be asked', ABLE, asking({ a: { method: 'tools/call' } })],
    ['too much', ABLE, asking(Object.fromEntries(Array.from({ length: 17 }, (_, at) => [at, ELICIT])))],
    ['nothing', ABLE, asking({})],
  ])('is not asked %s: the call fails', async (_what, capabilities, result) => {
    answering(result);
    const client = await McpClient.open(caller, capabilities);
    const answer = await client.request('tools/call', { name: 'tool' });
    expect(jsonOf(answer).error).toMatchObject({ code: -32603, data: { reason: 'upstream_needs_input' } });
  });

  it('is not asked for ever', async () => {
    answering(...Array.from({ length: 20 }, () => asking({}, 'again')));
    const client = await McpClient.open(caller, ABLE);
    const answer = await client.request('tools/call', { name: 'tool' });
    expect(jsonOf(answer).error).toMatchObject({ data: { reason: 'upstream_needs_input' } });
    expect(gate.upstreams.modern.seen.filter(({ body }) => body.includes('tools/call'))).toHaveLength(9);
  });

  it('can call its call off while it is asked', async () => {
    const up = answering(asking({ a: ELICIT }), DONE);
    const client = await McpClient.open(caller, ABLE);
    const stream = await call(client);
    const { id } = await stream.message();
    await client.notify('notifications/cancelled', { requestId: 7 });
    expect(await stream.message()).toMatchObject({ id: 7, error: { data: { reason: 'cancelled' } } });
    await client.send({ jsonrpc: '2.0', id, result: { action: 'accept' } });
    expect(up.params).toHaveLength(1);
  });

  it('gets progress and log messages of every round', async () => {
    let rounds = 0;
    gate.upstreams.modern.script = ({ id, response }) => {
      const result = rounds++ === 0 ? asking({ a: ELICIT }) : DONE;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf(`{"jsonrpc":"2.0","method":"notifications/message","params":{"data":${rounds}}}`));
      response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(result)}}`));
    };
    const client = await McpClient.open(caller, ABLE);
    const stream = await call(client);
    expect(await stream.message()).toMatchObject({ params: { data: 1 } });
    const { id } = await stream.message();
    await client.send({ jsonrpc: '2.0', id, result: { action: 'accept' } });
    expect(await stream.message()).toMatchObject({ params: { data: 2 } });
    expect(await stream.message()).toMatchObject({ id: 7, result: { content: [{ text: 'done' }] } });
    await once(stream.answer, 'close');
  });
});

describe('a client without a session', () => {
  it('can be asked nothing, and the upstream is told so', async () => {
    const up = answering(asking({ a: ELICIT }));
    const answer = await caller.legacy('tools/call', { name: 'tool' });
    expect(jsonOf(answer).error).toMatchObject({ data: { reason: 'upstream_needs_input' } });
    expect(up.params[0]).toMatchObject({ _meta: { [`${META}/clientCapabilities`]: {} } });
  });
});

describe('a question that nobody answers', () => {
  it('ends with the time that the call has', async () => {
    const short = await RawGate.start({}, { MCP_CALL_MAX_SECONDS: '1' });
    short.upstreams.modern.script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(id), result: asking({ a: ELICIT }) }));
    };
    const client = await McpClient.open(short.callers.modern, ABLE);
    const stream = await call(client);
    await stream.message();
    expect(await stream.message()).toMatchObject({ id: 7, error: { data: { reason: 'upstream_timeout' } } });
    await short.stop();
  });

  it('that is no JSON fails the call', async () => {
    gate.upstreams.modern.script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(`{"jsonrpc":"2.0","id":${id},"result":{"resultType":"input_required","x":tru}}`);
    };
    const client = await McpClient.open(caller, ABLE);
    const answer = await client.request('tools/call', { name: 'tool' });
    expect(jsonOf(answer).error).toMatchObject({ data: { reason: 'upstream_needs_input' } });
  });
});
