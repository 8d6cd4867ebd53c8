import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondAdministrator } from '../../fixtures/second-administrator.js';
import { jsonOf, type RawAnswer, RawCaller } from './raw-caller.js';
import { RawGate } from './raw-gate.js';
import { answering, eventOf, failing, type RawExchange } from './raw-upstream.js';
import { usageOf } from './usage-of.js';

const ABLE = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} };
const ELICIT = { method: 'elicitation/create', params: { message: 'Who?', requestedSchema: { type: 'object' } } };
const ROOTS = { method: 'roots/list', params: {} };
const ADA = { action: 'accept', content: { name: 'Ada' } };
const RESULT = '{"content":[]}';
const CALL = { name: 'tool', arguments: { a: 1, b: { c: 2, d: 3 } } };
const DONE = { content: [], resultType: 'complete' };
const REFUSED = { code: -32602, message: expect.stringMatching(/requestState/) };

let gate: RawGate;
let open: RawCaller[];
/** Sees all that the first administrator sees. */
let other: RawCaller;
let later: RawCaller;

beforeAll(async () => {
  // Somebody who is asked may take longer than an upstream may be silent.
  gate = await RawGate.start({ capabilities: { tools: {}, resources: {}, prompts: {} } }, { TOOL_TIMEOUT: '1' });
  const { endpoint } = gate.callers.legacy;
  other = new RawCaller(endpoint, await secondAdministrator(gate.running));
  later = new RawCaller(endpoint, await gate.running.mint('later'));
  open = [other, later];
});
afterAll(async () => {
  for (const caller of open) caller.close();
  await gate.stop();
});
beforeEach(() => gate.reset());

interface Options {
  readonly able?: object;
  readonly method?: string;
  readonly id?: number;
  readonly signal?: AbortSignal;
}

function call(params: object = CALL, options: Options = {}, caller = gate.callers.legacy): Promise<RawAnswer> {
  const { able = ABLE, method = 'tools/call', ...rest } = options;
  const meta = { 'io.modelcontextprotocol/clientCapabilities': able };
  return caller.modern(method, params, { ...rest, meta });
}

/** Asks each round of questions in turn, and answers when it has an answer to each. */
function asking(...rounds: readonly (readonly object[])[]): { readonly answers: Promise<RawExchange[]> } {
  const { legacy } = gate.upstreams;
  let number = 0;
  const questions = rounds.map((round) => round.map((question) => ({ jsonrpc: '2.0', id: number++, ...question })));
  const answerTo = (id: number) =>
    legacy.until(({ body }) => !body.includes('"method"') && body.includes(`"id":${id},`));
  const answers = Promise.all(questions.flat().map(({ id }) => answerTo(id)));
  legacy.script = async ({ id, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const round of questions) {
      for (const question of round) response.write(eventOf(JSON.stringify(question)));
      await Promise.all(round.map((question) => answerTo(question.id)));
    }
    response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${RESULT}}`));
  };
  return { answers };
}

const resultOf = (answer: RawAnswer) => jsonOf(answer).result;
const saidBy = (exchanges: readonly RawExchange[]) => exchanges.map(({ body }) => JSON.parse(body));

/** The call again, with an answer to each question. */
function retry(asked: ReturnType<typeof resultOf>, response: object, more: object = {}) {
  const { inputRequests, requestState } = asked;
  const keys = Object.keys(inputRequests);
  return { ...CALL, ...more, inputResponses: Object.fromEntries(keys.map((key) => [key, response])), requestState };
}

describe('a client of 2026-07-28 whose older upstream asks something', () => {
  it('is answered with the questions, and gets the result when it comes back with the answers', async () => {
    const { answers } = asking([ELICIT, ROOTS]);
    const asked = resultOf(await call());
    expect(asked).toEqual({
      resultType: 'input_required',
      inputRequests: { 'input-1-1': ELICIT, 'input-1-2': ROOTS },
      requestState: expect.stringMatching(/^pc1\./),
    });
    const answer = await call(retry(asked, ADA), { id: 9 });
    expect(jsonOf(answer)).toEqual({ jsonrpc: '2.0', id: 9, result: DONE });
    expect(saidBy(await answers)).toEqual([
      { jsonrpc: '2.0', id: 0, result: ADA },
      { jsonrpc: '2.0', id: 1, result: ADA },
    ]);
    expect(gate.upstreams.legacy.seen.filter(({ body }) => body.includes('tools/call'))).toHaveLength(1);
  });

  it.each(['{"a":01}', '{"message":"\u0001"}', '{"message":tru}'])(
    'is not asked what is no JSON: %j',
    async (params) => {
      gate.upstreams.legacy.script = ({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf(`{"jsonrpc":"2.0","id":7,"method":"elicitation/create","params":${params}}`));
        response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${RESULT}}`));
      };
      const answer = jsonOf(await call());
      expect(answer.error).toMatchObject({ data: { reason: 'upstream_invalid_answer' } });
    },
  );

  it('is asked round by round', async () => {
    asking([ELICIT], [ROOTS]);
    const first = resultOf(await call());
    const second = resultOf(await call(retry(first, ADA)));
    expect(second.inputRequests).toEqual({ 'input-2-1': ROOTS });
    expect(second.requestState).not.toBe(first.requestState);
    expect(resultOf(await call(retry(second, { roots: [] })))).toEqual(DONE);
  });

  it.each([
    ['prompts/get', { name: 'prompt' }],
    ['resources/read', { uri: 'raw://one' }],
  ])('is asked in the middle of %s too', async (method, params) => {
    asking([ELICIT]);
    const asked = resultOf(await call(params, { method }));
    const { inputResponses, requestState } = retry(asked, ADA);
    const result = resultOf(await call({ ...params, inputResponses, requestState }, { method }));
    expect(result).toMatchObject(DONE);
  });

  it('is asked again where an answer is missing', async () => {
    asking([ELICIT]);
    const first = resultOf(await call());
    const again = resultOf(await call({ ...CALL, inputResponses: { other: ADA }, requestState: first.requestState }));
    expect(Object.values(again.inputRequests)).toEqual([ELICIT]);
    expect(resultOf(await call(retry(again, ADA)))).toEqual(DONE);
  });

  it('may write its arguments in another order, and come back with a newer token', async () => {
    asking([ELICIT]);
    const asked = resultOf(await call());
    const reordered = { arguments: { b: { d: 3, c: 2 }, a: 1 } };
    expect(resultOf(await call(retry(asked, ADA, reordered), {}, later))).toEqual(DONE);
  });

  it('goes on with its next token when the one that it called with is taken back', async () => {
    asking([ELICIT]);
    const wish = { name: 'soon taken back', expires_in_days: 1 };
    const { body } = await gate.running.rest('POST', '/tokens', wish);
    const former = new RawCaller(gate.callers.legacy.endpoint, body.access_token);
    open.push(former);
    const asked = resultOf(await call(CALL, {}, former));
    expect((await gate.running.rest('DELETE', `/tokens/${body.token.id}`)).status).toBe(204);
    expect((await call(retry(asked, ADA), {}, former)).status).toBe(401);
    expect(resultOf(await call(retry(asked, ADA), {}, later))).toEqual(DONE);
  });

  it('is not told why the state of another leads nowhere, and the owner goes on', async () => {
    asking([ELICIT]);
    const asked = resultOf(await call());
    const refused = await call(retry(asked, ADA), {}, other);
    expect(jsonOf(refused).error).toEqual(REFUSED);
    const row = await usageOf(gate.running, refused.headers['x-correlation-id']);
    expect(row.block_reason).toBe('foreign_request_state');
    expect(resultOf(await call(retry(asked, ADA)))).toEqual(DONE);
  });

  it.each([
    ['other arguments', (asked: object) => retry(asked, ADA, { arguments: { a: 2 } })],
    ['a state that was made up', (asked: object) => ({ ...retry(asked, ADA), requestState: 'pc1.00000000.AAAA' })],
    ['a state that is no text', (asked: object) => ({ ...retry(asked, ADA), requestState: 1 })],
  ])('is refused with %s', async (_, wrong) => {
    asking([ELICIT]);
    const asked = resultOf(await call());
    expect(jsonOf(await call(wrong(asked))).error).toEqual(REFUSED);
    expect(resultOf(await call(retry(asked, ADA)))).toEqual(DONE);
  });

  it('cancels the call by leaving', async () => {
    gate.upstreams.legacy.script = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id: 0, ...ELICIT })));
    };
    const asked = resultOf(await call());
    const leaving = new AbortController();
    const waiting = call(retry(asked, ADA), { signal: leaving.signal }).catch(() => undefined);
    await gate.upstreams.legacy.until(({ body }) => body.includes('"id":0,'));
    leaving.abort();
    await waiting;
    await gate.upstreams.legacy.until(({ body }) => body.includes('notifications/cancelled'));
  });

  it('is asked nothing that it can’t answer', async () => {
    const { answers } = asking([ELICIT]);
    expect(resultOf(await call(CALL, { able: { sampling: {} } }))).toEqual(DONE);
    expect(saidBy(await answers)).toEqual([
      { jsonrpc: '2.0', id: 0, error: expect.objectContaining({ code: -32601 }) },
    ]);
    expect(gate.upstreams.legacy.opened.map(({ params }) => params.capabilities)).toContainEqual({ sampling: {} });
  });

  it('learns what became of a call whose upstream did not wait', async () => {
    let goOn = (): void => undefined;
    gate.upstreams.legacy.script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id: 0, ...ELICIT })));
      goOn = () => response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${RESULT}}`));
    };
    const asked = resultOf(await call());
    goOn();
    expect(resultOf(await call(retry(asked, ADA)))).toEqual(DONE);
  });
});

describe('an older upstream that wants its client to visit a URL first', () => {
  const elicitations = [{ mode: 'url', url: 'https://example.com/', elicitationId: 'e', message: 'Go' }];
  const needsUrl = failing(JSON.stringify({ code: -32042, message: 'Go first', data: { elicitations } }));

  it('has its question put to a client of 2026-07-28, whose next call goes up as it came', async () => {
    gate.upstreams.legacy.script = needsUrl;
    const asked = resultOf(await call());
    expect(asked.inputRequests).toEqual({ 'url-1': { method: 'elicitation/create', params: elicitations[0] } });
    gate.reset();
    expect(resultOf(await call(retry(asked, { action: 'accept' })))).toEqual(DONE);
    const [{ body } = { body: '{}' }] = gate.upstreams.legacy.seen;
    expect(JSON.parse(body).params).toEqual({ ...CALL, _meta: {} });
  });

  it('fails with a client that visits none', async () => {
    gate.upstreams.legacy.script = needsUrl;
    const { error } = jsonOf(await call(CALL, { able: { elicitation: { form: {} } } }));
    expect(error.data).toEqual({ reason: 'upstream_needs_input' });
  });
});

describe('an upstream of 2026-07-28 that asks', () => {
  const STATE = 'its own: \u00e9"\\';
  const ASKS = { resultType: 'input_required', inputRequests: { user_name: ELICIT }, requestState: STATE };
  const statesSeen = () =>
    gate.upstreams.modern.seen.map(({ body }) => JSON.parse(body).params).map(({ requestState }) => requestState);
  const callModern = (params: object = CALL, caller = gate.callers.modern) => call(params, {}, caller);
  beforeEach(() => {
    gate.upstreams.modern.script = (exchange) =>
      answering(JSON.stringify(exchange.body.includes('requestState') ? DONE : ASKS))(exchange);
  });

  it('gets its state back as it wrote it; the client holds it sealed', async () => {
    const asked = resultOf(await callModern());
    expect(asked).toEqual({ ...ASKS, requestState: expect.stringMatching(/^pc1\./) });
    expect(resultOf(await callModern(retry(asked, ADA)))).toEqual(DONE);
    expect(statesSeen()).toEqual([undefined, STATE]);
  });

  it.each(['"\u0001":1,"requestState":"x"', '"requestState":tru', '"\\x":1,"requestState":"x"'])(
    'is not answered with what is no JSON: %j',
    async (members) => {
      gate.upstreams.modern.script = answering(`{"resultType":"input_required",${members}}`);
      const { error } = jsonOf(await callModern());
      expect(error).toMatchObject({ data: { reason: 'upstream_invalid_answer' } });
    },
  );

  it('gets its state back however much it asks', async () => {
    const long = { ...ELICIT, params: { ...ELICIT.params, message: 'Who? '.repeat(20_000) } };
    gate.upstreams.modern.script = (exchange) =>
      answering(
        JSON.stringify(exchange.body.includes('requestState') ? DONE : { ...ASKS, inputRequests: { user_name: long } }),
      )(exchange);
    const asked = resultOf(await callModern());
    expect(asked.requestState).toMatch(/^pc1\./);
    expect(resultOf(await callModern(retry(asked, ADA)))).toEqual(DONE);
    expect(statesSeen()).toEqual([undefined, STATE]);
  });

  it('is not asked with the state of another, which goes on for its owner', async () => {
    const { endpoint } = gate.callers.modern;
    const [thief, owner] = [other, later].map((caller) => caller.to(endpoint));
    open.push(thief!, owner!);
    const asked = resultOf(await callModern());
    const refused = await callModern(retry(asked, ADA), thief);
    expect(jsonOf(refused).error).toEqual(REFUSED);
    const row = await usageOf(gate.running, refused.headers['x-correlation-id']);
    expect(row.block_reason).toBe('foreign_request_state');
    expect(jsonOf(await call(retry(asked, ADA))).error).toEqual(REFUSED);
    expect(resultOf(await callModern(retry(asked, ADA), owner))).toEqual(DONE);
    expect(statesSeen()).toEqual([undefined, STATE]);
  });

  it('is not given a state that the gate did not seal', async () => {
    expect(jsonOf(await callModern({ ...CALL, requestState: STATE })).error).toEqual(REFUSED);
    expect(statesSeen()).toEqual([]);
  });
});

describe('a gate where too many calls wait', () => {
  it('tells the upstream that nobody can be asked', async () => {
    const full = await RawGate.start({}, { MCP_MAX_PARKED_CALLS_PER_USER: '1', MCP_CALL_MAX_SECONDS: '5' });
    const { legacy } = full.upstreams;
    legacy.script = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id: 0, ...ELICIT })));
    };
    expect(resultOf(await call(CALL, {}, full.callers.legacy))).toHaveProperty('inputRequests');
    const waiting = call(CALL, {}, full.callers.legacy).catch(() => undefined);
    await legacy.until(({ body }) => body.includes('-32601'));
    await full.stop();
    await waiting;
  });
});

describe('a state whose time is over', () => {
  it('is refused, and the upstream is told that nobody answered', async () => {
    const short = await RawGate.start({}, { MCP_CALL_MAX_SECONDS: '1' });
    const { legacy } = short.upstreams;
    legacy.script = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id: 0, ...ELICIT })));
    };
    const asked = resultOf(await call(CALL, {}, short.callers.legacy));
    const told = await legacy.until(({ body }) => body.includes('"cancel"'));
    expect(JSON.parse(told.body)).toEqual({ jsonrpc: '2.0', id: 0, result: { action: 'cancel' } });
    await legacy.until(({ body }) => body.includes('notifications/cancelled'));
    expect(jsonOf(await call(retry(asked, ADA), {}, short.callers.legacy)).error).toEqual(REFUSED);
    await short.stop();
  });
});
