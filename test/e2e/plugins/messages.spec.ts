import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PluginChains } from '../../../src/plugins/chain/plugin-chains.js';
import { FORBIDDEN, SECRET, WordGuard } from '../../fixtures/plugins/word-guard.js';
import { eventsOf, jsonOf } from '../mcp/raw-caller.js';
import { ERAS, PAIRS, RawGate } from '../mcp/raw-gate.js';
import { answering, eventOf, failing, type RawExchange, sendResult } from '../mcp/raw-upstream.js';
import { EventStream, McpClient } from '../mcp/sessions/mcp-client.js';

const CALL = { name: 'tool', arguments: { n: 1 } };
const ELICIT = (message: string) => ({
  method: 'elicitation/create',
  params: { message, requestedSchema: { type: 'object' } },
});
const ABLE = { sampling: {}, elicitation: { form: {} }, roots: {} };
const META = { 'io.modelcontextprotocol/clientCapabilities': ABLE };

let gate: RawGate;
let words: WordGuard;
beforeAll(async () => {
  gate = await RawGate.start({}, { TOOL_TIMEOUT: '3' });
});
afterAll(() => gate.stop());
beforeEach(() => {
  gate.reset();
  words = new WordGuard();
  gate.running.gateway.app.get(PluginChains, { strict: false }).replace([words.active()]);
});

const inEvents =
  (...messages: readonly object[]) =>
  ({ id, response }: RawExchange): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const message of messages) response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', ...message })));
    response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"${SECRET}"}]}}`));
  };
const note = (data: unknown) => ({ method: 'notifications/message', params: { level: 'error', data } });
const called = (era: 'modern' | 'legacy') => gate.upstreams[era].seen.find(({ body }) => body.includes('"id"'));
const paramsOf = (exchange: RawExchange | undefined) => JSON.parse(exchange?.body ?? '{}').params;

describe.each(PAIRS)('what passes in a call of a %s client at a %s upstream', (down, up) => {
  const ask = (method: string, params: object, options = {}) => gate.callers[up][down](method, params, options);

  it('goes past each hook once, in both directions', async () => {
    gate.upstreams[up].script = answering(`{"content":[{"type":"text","text":"so ${SECRET}"}]}`);
    const answer = await ask('tools/call', { name: 'tool', arguments: { text: SECRET, deep: [{ [SECRET]: 1 }] } });
    expect(jsonOf(answer).result.content).toEqual([{ type: 'text', text: 'so [MASKED]' }]);
    expect(paramsOf(called(up)).arguments).toEqual({ text: '[MASKED]', deep: [{ '[MASKED]': 1 }] });
    expect(words.hooks).toEqual(['tool_pre_invoke', 'tool_post_invoke']);
  });

  it('stays as it was, byte for byte, where no guardrail changes it', async () => {
    const result = String.raw`{"content":[{"type":"text","text":"\u00e9 \/ 1.0"}],"n":1.50,"big":12345678901234567890}`;
    gate.upstreams[up].script = answering(result);
    const { body } = await ask('tools/call', { name: 'tool', arguments: { n: 1.5 } });
    expect(body.toString()).toContain(result.slice(1, -1));
  });

  it('is what the client gets of an error', async () => {
    gate.upstreams[up].script = failing(`{"code":-32000,"message":"no ${SECRET}","data":{"deep":["${SECRET}"]}}`);
    expect(jsonOf(await ask('tools/call', CALL)).error).toEqual({
      code: -32000,
      message: 'no [MASKED]',
      data: { deep: ['[MASKED]'] },
    });
    gate.upstreams[up].script = failing(`{"code":-32000,"message":"no","data":"${FORBIDDEN}"}`);
    expect(jsonOf(await ask('tools/call', CALL)).error.data.plugin_error_code).toBe('FORBIDDEN_WORD');
  });

  it('is refused with an error that names the plugin, and nothing of the content', async () => {
    gate.upstreams[up].script = answering(`{"content":[{"type":"text","text":"${FORBIDDEN}"}]}`);
    const answer = await ask('tools/call', CALL);
    expect(answer.status).toBe(422);
    const message =
      'tool_post_invoke blocked by plugin WordGuard: FORBIDDEN_WORD - Forbidden (A word that is not said)';
    const data = {
      description: 'A word that is not said',
      details: {},
      plugin_error_code: 'FORBIDDEN_WORD',
      plugin_name: 'WordGuard',
    };
    expect(jsonOf(answer)).toEqual({ jsonrpc: '2.0', id: 1, error: { code: -32602, message, data } });
  });

  it('never reaches the upstream where it is refused before', async () => {
    const answer = await ask('tools/call', { name: 'tool', arguments: { text: FORBIDDEN } });
    expect(jsonOf(answer).error.message).toMatch(/^tool_pre_invoke blocked by plugin WordGuard: /);
    expect(gate.upstreams[up].seen).toEqual([]);
  });

  it('is a resource or a prompt just the same', async () => {
    gate.upstreams[up].script = answering(`{"contents":[{"uri":"raw://one","text":"${SECRET}"}]}`);
    expect(jsonOf(await ask('resources/read', { uri: 'raw://one' })).result.contents[0].text).toBe('[MASKED]');
    gate.upstreams[up].script = answering(
      `{"messages":[{"role":"user","content":{"type":"text","text":"${SECRET}"}}]}`,
    );
    const { result } = jsonOf(await ask('prompts/get', { name: 'prompt', arguments: { a: SECRET } }));
    expect(result.messages[0].content.text).toBe('[MASKED]');
    expect(paramsOf(gate.upstreams[up].seen.at(-1)).arguments).toEqual({ a: '[MASKED]' });
    expect(words.hooks).toEqual(['resource_pre_fetch', 'resource_post_fetch', 'prompt_pre_fetch', 'prompt_post_fetch']);
  });

  it.each([[[FORBIDDEN]], [FORBIDDEN]])(
    'is refused where the arguments are %j, which nobody can be shown',
    async (args) => {
      const answer = await ask('tools/call', { name: 'tool', arguments: args });
      expect(answer.status).toBe(400);
      expect(jsonOf(answer).error).toMatchObject({ code: -32602, message: 'params.arguments must be an object' });
      expect(gate.upstreams[up].seen).toEqual([]);
    },
  );

  it.each(['ref', 'cursor', 'task', 'taskId', 'requestState'])(
    'is no word of the protocol for being called %s',
    async (name) => {
      await ask('tools/call', { ...CALL, [name]: { a: FORBIDDEN } });
      await ask('tools/call', { ...CALL, [name]: `so ${FORBIDDEN}` });
      expect(gate.upstreams[up].seen.filter(({ body }) => body.includes(FORBIDDEN))).toEqual([]);
      gate.upstreams[up].script = answering(`{"content":[],"${name}":{"a":"${FORBIDDEN}"}}`);
      expect((await ask('tools/call', CALL)).body.toString()).not.toContain(FORBIDDEN);
      gate.upstreams[up].script = answering(`{"content":[],"${name}":"so ${FORBIDDEN}"}`);
      expect((await ask('tools/call', CALL)).body.toString()).not.toContain(FORBIDDEN);
    },
  );

  it.each(['ttlMs', 'cacheScope', 'resultType'])('is no %s that the protocol does not have', async (name) => {
    gate.upstreams[up].script = answering(`{"content":[],"${name}":"${FORBIDDEN}-1"}`);
    expect((await ask('tools/call', CALL)).body.toString()).not.toContain(FORBIDDEN);
  });

  it.each([
    ['progressToken', `so ${FORBIDDEN}`],
    ['io.modelcontextprotocol/clientInfo', { name: FORBIDDEN, version: '1' }],
    ['io.modelcontextprotocol/clientCapabilities', { experimental: { [FORBIDDEN]: {} } }],
    ['io.modelcontextprotocol/subscriptionId', { a: FORBIDDEN }],
  ])('is what clients say of themselves in %s', async (key, value) => {
    await ask('tools/call', CALL, { meta: { [key]: value } });
    expect(gate.upstreams[up].seen.filter(({ body }) => body.includes(FORBIDDEN))).toEqual([]);
  });

  it('has no members beside those of JSON-RPC', async () => {
    gate.upstreams[up].script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const more of [{ params: [FORBIDDEN] }, { ...note('both'), result: { a: FORBIDDEN } }])
        response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', ...more })));
      response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', ...note('one'), beside: FORBIDDEN })));
      response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"beside":"${FORBIDDEN}","result":{"content":[],"n":1.50}}`));
    };
    const meta = { 'io.modelcontextprotocol/logLevel': 'debug', progressToken: 7 };
    const answer = await ask('tools/call', CALL, { meta });
    const [told, last] = eventsOf(answer);
    expect(told).toEqual({ jsonrpc: '2.0', ...note('one') });
    expect(last).toMatchObject({ id: 1, result: { content: [] } });
    expect(answer.body.toString()).toContain('1.50');
    expect(answer.body.toString()).not.toContain(FORBIDDEN);
  });

  it('is a resource of a template under the URI that is asked for', async () => {
    gate.upstreams[up].script = answering('{"contents":[]}');
    await ask('resources/read', { uri: 'raw://many/one' });
    expect(words.seen.flatMap(({ payload }) => (payload as { uri?: string }).uri ?? [])).toEqual([
      'raw://many/one',
      'raw://many/one',
    ]);
    gate.running.gateway.app
      .get(PluginChains, { strict: false })
      .replace([words.active({ conditions: [{ resources: ['raw://many/sec*'] }] })]);
    words.seen.length = 0;
    await ask('resources/read', { uri: 'raw://many/one' });
    expect(words.hooks).toEqual([]);
    await ask('resources/read', { uri: 'raw://many/secret' });
    expect(words.hooks).toEqual(['resource_pre_fetch', 'resource_post_fetch']);
  });

  it('is a completion, which has no hooks of its own', async () => {
    gate.upstreams[up].script = answering(`{"completion":{"values":["${SECRET}","x"]}}`);
    const argument = { name: 'a', value: SECRET };
    const { result } = jsonOf(
      await ask('completion/complete', { ref: { type: 'ref/prompt', name: 'prompt' }, argument }),
    );
    expect(result.completion.values).toEqual(['[MASKED]', 'x']);
    expect(paramsOf(called(up)).argument.value).toBe('[MASKED]');
    expect(words.hooks).toEqual(['stream_message', 'stream_message']);
  });

  it('is what clients say in _meta, but not what belongs to the protocol', async () => {
    await ask('tools/call', CALL, { meta: { 'example.com/note': SECRET, progressToken: 7 } });
    const { _meta: meta } = paramsOf(called(up));
    expect(meta).toMatchObject({ 'example.com/note': '[MASKED]', progressToken: 7 });
    if (up === 'modern') expect(meta).toHaveProperty(['io.modelcontextprotocol/protocolVersion'], '2026-07-28');
  });

  it('is all that an upstream says before it answers, in its order', async () => {
    gate.upstreams[up].script = inEvents(note('first'), note({ deep: [SECRET] }), note(FORBIDDEN), note('last'));
    const meta = { 'io.modelcontextprotocol/logLevel': 'debug', progressToken: 7 };
    const events = eventsOf(await ask('tools/call', CALL, { meta }));
    const said = events.map(({ params, result }) => params?.data ?? result?.content[0].text);
    expect(said).toEqual(['first', { deep: ['[MASKED]'] }, 'last', '[MASKED]']);
  });

  it('is refused where it says two things at once, of which parsers take one', async () => {
    gate.upstreams[up].script = answering(`{"content":[{"type":"text","text":"a","text":"b"}]}`);
    expect(jsonOf(await ask('tools/call', CALL)).error).toMatchObject({
      code: -32603,
      data: { plugin_name: 'gateway' },
    });
  });
});

describe('what upstreams ask clients', () => {
  /** The tool asks, and answers when it has an answer. */
  const asking = (question: object): Promise<RawExchange> => {
    const { legacy } = gate.upstreams;
    const answer = legacy.until(({ body }) => !body.includes('"method"') && body.includes('"id":0,'));
    legacy.script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id: 0, ...question })));
      void answer.then(() => response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`)));
    };
    return answer;
  };

  it('and what these answer goes past the guardrails', async () => {
    const answered = asking(ELICIT(`Say ${SECRET}`));
    const client = await McpClient.open(gate.at(), ABLE);
    const stream = new EventStream(await client.begin('tools/call', CALL));
    const { id, params } = await stream.message();
    expect(params.message).toBe('Say [MASKED]');
    await client.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: { a: SECRET } } });
    expect(JSON.parse((await answered).body).result.content).toEqual({ a: '[MASKED]' });
    expect(await stream.message()).toMatchObject({ result: { content: [] } });
  });

  it('is declined for them where it is held back', async () => {
    const answered = asking(ELICIT(FORBIDDEN));
    const client = await McpClient.open(gate.at(), ABLE);
    expect(jsonOf(await client.request('tools/call', CALL))).toMatchObject({ result: { content: [] } });
    expect(JSON.parse((await answered).body).error).toBeDefined();
  });

  it('gets an error in the place of an answer that is held back', async () => {
    const answered = asking(ELICIT('Say'));
    const client = await McpClient.open(gate.at(), ABLE);
    const stream = new EventStream(await client.begin('tools/call', CALL));
    const { id } = await stream.message();
    const refused = await client.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: { a: FORBIDDEN } } });
    expect(refused.status).toBe(422);
    expect(JSON.parse((await answered).body).error.message).toContain('guardrail');
    expect(await stream.message()).toMatchObject({ result: { content: [] } });
  });

  it('is a round of questions to a client of 2026-07-28, and its answers', async () => {
    const answered = asking(ELICIT(`Say ${SECRET}`));
    const call = (params: object) => gate.callers.legacy.modern('tools/call', params, { meta: META });
    const { inputRequests, requestState } = jsonOf(await call(CALL)).result;
    expect(inputRequests['input-1-1'].params.message).toBe('Say [MASKED]');
    const inputResponses = { 'input-1-1': { action: 'accept', content: { a: SECRET } } };
    const answer = await call({ ...CALL, inputResponses, requestState });
    expect(jsonOf(answer).result.content).toEqual([]);
    expect(JSON.parse((await answered).body).result.content).toEqual({ a: '[MASKED]' });
    expect(words.hooks.filter((hook) => hook === 'tool_post_invoke')).toHaveLength(1);
  });

  it('is declined for a client of 2026-07-28 too where it is held back, and nothing waits for it', async () => {
    const answered = asking(ELICIT(FORBIDDEN));
    const answer = await gate.callers.legacy.modern('tools/call', CALL, { meta: META });
    expect(jsonOf(answer).error.data.plugin_error_code).toBe('FORBIDDEN_WORD');
    const { legacy } = gate.upstreams;
    await Promise.race([answered, legacy.until(({ body }) => body.includes('notifications/cancelled'))]);
  });

  it('is a question of a modern upstream, to clients of both eras', async () => {
    const question = {
      resultType: 'input_required',
      inputRequests: { q: ELICIT(`Say ${SECRET}`) },
      requestState: 'its own',
    };
    gate.upstreams.modern.script = (exchange) =>
      sendResult(exchange, exchange.body.includes('inputResponses') ? '{"content":[]}' : JSON.stringify(question));
    const asked = jsonOf(await gate.callers.modern.modern('tools/call', CALL, { meta: META })).result;
    expect(asked.inputRequests.q.params.message).toBe('Say [MASKED]');
    const client = await McpClient.open(gate.callers.modern, ABLE);
    const stream = new EventStream(await client.begin('tools/call', CALL));
    const { id, params } = await stream.message();
    expect(params.message).toBe('Say [MASKED]');
    await client.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: { a: SECRET } } });
    expect(await stream.message()).toMatchObject({ result: { content: [] } });
    expect(paramsOf(gate.upstreams.modern.seen.at(-1)).inputResponses.q.content).toEqual({ a: '[MASKED]' });
  });
});

describe('a guardrail that fails', () => {
  it.each(ERAS)('holds up one call, and leaves the others alone: %s', async (era) => {
    const failing = words.active();
    Object.defineProperty(failing.plugin, 'hooks', {
      value: {
        tool_pre_invoke: ({ args }: { args: { n: number } }) => {
          if (args.n === 1) throw new Error('a text that quotes the caller');
          return args.n === 2 ? new Promise(() => undefined) : undefined;
        },
      },
    });
    const chains = gate.running.gateway.app.get(PluginChains, { strict: false });
    chains.replace([Object.assign(failing, { run: { ...failing.run, timeoutMs: 50 } })]);
    const ask = (n: number) => gate.callers[era][era]('tools/call', { name: 'tool', arguments: { n } });
    const [throwing, slow, fine] = await Promise.all([ask(1), ask(2), ask(3)]);
    for (const answer of [throwing, slow]) {
      expect(answer.status).toBe(500);
      expect(jsonOf(answer).error).toEqual({
        code: -32603,
        message: 'Plugin Error: WordGuard failed in tool_pre_invoke',
        data: { plugin_name: 'WordGuard' },
      });
    }
    expect(jsonOf(fine).result.content).toEqual([]);
  });
});
