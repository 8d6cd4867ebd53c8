import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { startLegacyUpstream } from '../../../fixtures/upstreams/legacy-upstream.js';
import { jsonOf } from '../raw-caller.js';
import { RawGate } from '../raw-gate.js';
import { eventOf, type RawExchange } from '../raw-upstream.js';
import { usageOf } from '../usage-of.js';
import { EventStream, McpClient } from './mcp-client.js';

const ABLE = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } };
const RESULT = '{"content":[]}';
const isCall = ({ body }: { body: string }): boolean => body.includes('"tools/call"');

let gate: RawGate;
beforeAll(async () => {
  // A call in which somebody is asked may be silent for longer than an upstream.
  gate = await RawGate.start({ capabilities: { tools: {}, logging: {} } }, { TOOL_TIMEOUT: '1' });
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

const request = (id: unknown, method: string, params: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** The tool asks first, and answers when it has an answer. */
function asking(...questions: string[]): { readonly answers: Promise<RawExchange>[] } {
  const { legacy } = gate.upstreams;
  const ids = questions.map((question) => JSON.stringify(JSON.parse(question).id));
  const answers = ids.map((id) =>
    legacy.until(({ body }) => !body.includes('"method"') && body.includes(`"id":${id}`)),
  );
  legacy.script = ({ id, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const question of questions) response.write(eventOf(question));
    void Promise.all(answers).then(() => response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${RESULT}}`)));
  };
  return { answers };
}

async function call(client: McpClient, options = {}): Promise<EventStream> {
  return new EventStream(await client.begin('tools/call', { name: 'tool' }, { id: 7, ...options }));
}

describe('a request of an upstream in the middle of a call', () => {
  it.each([
    ['sampling/createMessage', { messages: [], maxTokens: 9, unknown: [1.0] }],
    ['elicitation/create', { message: 'Who?', requestedSchema: { type: 'object' } }],
    ['elicitation/create', { mode: 'url', url: 'https://example.com/', elicitationId: 'e', message: 'Go' }],
    ['roots/list', {}],
  ])('reaches the client, and its answer the upstream: %s', async (method, params) => {
    const { answers } = asking(request(0, method, params));
    const client = await McpClient.open(gate.at(), ABLE);
    const stream = await call(client);
    const asked = await stream.message();
    expect(asked).toEqual({ jsonrpc: '2.0', id: expect.stringMatching(/^pc1\./), method, params });
    expect((await client.send({ jsonrpc: '2.0', id: asked.id, result: { anything: [1, 'two'] } })).status).toBe(202);
    const got = await answers[0];
    expect(JSON.parse(got?.body ?? '')).toEqual({ jsonrpc: '2.0', id: 0, result: { anything: [1, 'two'] } });
    const sent = await gate.upstreams.legacy.until(isCall);
    expect(got?.headers['mcp-session-id']).toBe(sent.headers['mcp-session-id']);
    expect(await stream.message()).toEqual({ jsonrpc: '2.0', id: 7, result: { content: [] } });
    expect(await stream.next()).toBeUndefined();
  });

  it('may be one of several, of which each gets its own answer', async () => {
    const { answers } = asking(request(0, 'roots/list'), request('zero', 'sampling/createMessage'));
    const client = await McpClient.open(gate.at(), ABLE);
    const stream = await call(client);
    const [first, second] = [await stream.message(), await stream.message()];
    expect(first.id).not.toBe(second.id);
    await client.send({ jsonrpc: '2.0', id: second.id, result: { which: 'second' } });
    await client.send({ jsonrpc: '2.0', id: first.id, error: { code: -1, message: 'no' } });
    expect(JSON.parse((await answers[0])?.body ?? '')).toMatchObject({ id: 0, error: { code: -1, message: 'no' } });
    expect(JSON.parse((await answers[1])?.body ?? '')).toMatchObject({ id: 'zero', result: { which: 'second' } });
    expect(await stream.message()).toMatchObject({ id: 7, result: {} });
  });

  it('gives the person asked all the time that the call has', async () => {
    asking(request(0, 'elicitation/create', { message: 'Who?' }));
    const client = await McpClient.open(gate.at(), ABLE);
    const stream = await call(client);
    const { id } = await stream.message();
    // TOOL_TIMEOUT ends a call that began later: there the silence is the upstream's, here it is the person's.
    gate.upstreams.legacy.script = () => undefined;
    const silent = await gate.at().legacy('tools/call', { name: 'tool' });
    expect(jsonOf(silent)).toMatchObject({ error: { data: { reason: 'upstream_timeout' } } });
    await client.send({ jsonrpc: '2.0', id, result: { action: 'decline' } });
    expect(await stream.message()).toMatchObject({ id: 7, result: {} });
  });

  it.each([
    ['that the client did not declare', {}, request(3, 'sampling/createMessage')],
    ['in a mode that it does not know', { elicitation: {} }, request(3, 'elicitation/create', { mode: 'url' })],
    ['that is none of the protocol', ABLE, request(3, 'sampling/other')],
    ['with an id that is too long', ABLE, request('x'.repeat(100), 'roots/list')],
  ])('%s is declined for it', async (_what, capabilities, question) => {
    const { answers } = asking(question);
    const client = await McpClient.open(gate.at(), capabilities);
    const answer = await client.request('tools/call', { name: 'tool' }, { id: 7 });
    expect(jsonOf(answer)).toEqual({ jsonrpc: '2.0', id: 7, result: { content: [] } });
    expect(JSON.parse((await answers[0])?.body ?? '')).toMatchObject({ error: { code: -32601 } });
  });

  it('is declined for a client without a session', async () => {
    asking(request(0, 'roots/list'));
    expect(jsonOf(await gate.at().legacy('tools/call', { name: 'tool' }))).toMatchObject({ result: { content: [] } });
  });
});

describe('an answer of a client', () => {
  it('is taken in its own session alone', async () => {
    asking(request(0, 'roots/list'));
    const client = await McpClient.open(gate.at(), ABLE);
    const stream = await call(client);
    const { id } = await stream.message();
    const [thief, neighbour] = [
      client.at(gate.at({ token: await secondAdministrator(gate.running) })),
      await McpClient.open(gate.at(), ABLE),
    ];
    expect((await thief.send({ jsonrpc: '2.0', id, result: {} })).status).toBe(404);
    expect((await neighbour.send({ jsonrpc: '2.0', id, result: {} })).status).toBe(400);
    expect((await client.send({ jsonrpc: '2.0', id: 'made-up', result: {} })).status).toBe(400);
    expect((await client.send({ jsonrpc: '2.0', id: 0, result: {} })).status).toBe(400);
    expect((await client.send({ jsonrpc: '2.0', id, result: {} })).status).toBe(202);
    expect(await stream.message()).toMatchObject({ id: 7 });
  });

  it('to nothing is written down', async () => {
    const client = await McpClient.open(gate.at(), ABLE);
    const headers = { 'mcp-session-id': client.sessionId, 'x-correlation-id': 'to-nothing' };
    await client.caller.post('{"jsonrpc":"2.0","id":"x","result":{}}', headers);
    expect(await usageOf(gate.running, 'to-nothing')).toMatchObject({ block_reason: 'unknown_request' });
  });
});

describe('the session at the upstream', () => {
  const initialize = async () => {
    const { legacy } = gate.upstreams;
    return legacy.opened.at(-1);
  };

  it('is opened with the capabilities of the client, and serves its calls alone', async () => {
    const [one, two] = [await McpClient.open(gate.at(), ABLE), await McpClient.open(gate.at(), { roots: {} })];
    await one.request('tools/call', { name: 'tool' });
    expect((await initialize())?.params.capabilities).toEqual(ABLE);
    await two.request('tools/call', { name: 'tool' });
    expect((await initialize())?.params.capabilities).toEqual({ roots: {} });
    await one.request('tools/call', { name: 'tool' });
    const [first, second, third] = gate.upstreams.legacy.seen
      .filter(isCall)
      .map(({ headers }) => headers['mcp-session-id']);
    expect(first).toBe(third);
    expect(first).not.toBe(second);
  });

  it('gets the ids and the tokens of the client as they are', async () => {
    const client = await McpClient.open(gate.at());
    await client.request('tools/call', { name: 'tool' }, { id: 'mine', meta: { progressToken: 'token' } });
    const { body } = await gate.upstreams.legacy.until(isCall);
    expect(JSON.parse(body)).toMatchObject({ id: 'mine', params: { _meta: { progressToken: 'token' } } });
  });

  it('is opened once for calls that come at once', async () => {
    const client = await McpClient.open(gate.at());
    const before = gate.upstreams.legacy.opened.length;
    await Promise.all([1, 2, 3, 4].map((id) => client.request('tools/call', { name: 'tool' }, { id })));
    expect(gate.upstreams.legacy.opened.length).toBe(before + 1);
  });

  it('is opened anew when the upstream has forgotten it', async () => {
    const client = await McpClient.open(gate.at());
    await client.request('tools/call', { name: 'tool' });
    const before = gate.upstreams.legacy.opened.length;
    gate.upstreams.legacy.forgetSessions();
    expect(jsonOf(await client.request('tools/call', { name: 'tool' }))).toMatchObject({ result: {} });
    expect(gate.upstreams.legacy.opened.length).toBe(before + 1);
  });

  it('ends with the session of the client', async () => {
    const client = await McpClient.open(gate.at());
    await client.request('tools/call', { name: 'tool' });
    const { headers } = await gate.upstreams.legacy.until(isCall);
    await client.end();
    await gate.upstreams.legacy.untilEnded(String(headers['mcp-session-id']));
  });

  it('is told the level of log messages, then and when it opens', async () => {
    const client = await McpClient.open(gate.at());
    await client.request('logging/setLevel', { level: 'error' });
    await client.request('tools/call', { name: 'tool' });
    await gate.upstreams.legacy.until(({ body }) => body.includes('"level":"error"'));
    await client.request('logging/setLevel', { level: 'alert' });
    await gate.upstreams.legacy.until(({ body }) => body.includes('"level":"alert"'));
  });

  it('hears that the roots have changed, and which call is cancelled', async () => {
    const client = await McpClient.open(gate.at(), ABLE);
    await client.request('tools/call', { name: 'tool' });
    await client.notify('notifications/roots/list_changed');
    await gate.upstreams.legacy.until(({ body }) => body.includes('roots/list_changed'));
    gate.upstreams.legacy.script = () => undefined;
    const waiting = client.request('tools/call', { name: 'tool' }, { id: 'long' });
    await gate.upstreams.legacy.until(({ body }) => isCall({ body }) && body.includes('"long"'));
    await client.notify('notifications/cancelled', { requestId: 'long' });
    expect(jsonOf(await waiting)).toMatchObject({ error: { data: { reason: 'cancelled' } } });
    const told = await gate.upstreams.legacy.until(({ body }) => body.includes('notifications/cancelled'));
    expect(JSON.parse(told.body).params.requestId).toBe('long');
  });

  it('is not opened at an upstream that keeps none, after that was found out', async () => {
    const bare = await startLegacyUpstream({ sessions: false });
    const { id } = await gate.running.register('keeps none', bare.url);
    const server = await gate.running.serve(id, { tool_naming: 'original' });
    const client = await McpClient.open(gate.at({ path: `/servers/${server.id}/mcp` }));
    const call = () => client.request('tools/call', { name: 'echo', arguments: { text: 'x' } });
    await call();
    const before = bare.calls.of('initialize').length;
    for (let count = 0; count < 3; count++) expect(jsonOf(await call())).toHaveProperty('result');
    expect(bare.calls.of('initialize')).toHaveLength(before);
    await bare.close();
  });

  it('passes on nothing on a call that the gate tells by itself', async () => {
    gate.upstreams.legacy.script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const method of ['resources/updated', 'tools/list_changed', 'message']) {
        response.write(eventOf(`{"jsonrpc":"2.0","method":"notifications/${method}","params":{"uri":"hidden://x"}}`));
      }
      response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${RESULT}}`));
    };
    const stream = await call(await McpClient.open(gate.at()));
    expect(await stream.message()).toMatchObject({ method: 'notifications/message' });
    expect(await stream.message()).toMatchObject({ id: 7 });
  });

  it('goes on with a call whose client has left', async () => {
    const client = await McpClient.open(gate.at());
    let end: (() => void) | undefined;
    gate.upstreams.legacy.script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}}'));
      end = () => response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${RESULT}}`));
    };
    const stream = await call(client);
    await stream.message();
    const { response } = await gate.upstreams.legacy.until(isCall);
    const left = once(stream.answer, 'close');
    stream.close();
    await left;
    expect(response.destroyed).toBe(false);
    end?.();
    await once(response, 'finish');
  });
});
