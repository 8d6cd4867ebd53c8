import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, jsonOf, legacyMessage, modernMessage, type RawAnswer, whole } from './raw-caller.js';
import { type Era, ERAS, PAIRS, RawGate } from './raw-gate.js';
import { eventOf, type RawScript, sendResult } from './raw-upstream.js';

// Short silences, and a deadline that progress can't move.
const SETTINGS = { TOOL_TIMEOUT: '1', MCP_CALL_MAX_SECONDS: '3' };
const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1.0}}';
const messageOf = (level: string): string =>
  `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"${level}","data":"soon"}}`;

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start({}, SETTINGS);
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

function open(down: Era, up: Era, meta: object = { progressToken: 'p' }, headers = {}): Promise<IncomingMessage> {
  const message = (down === 'modern' ? modernMessage : legacyMessage)(
    'tools/call',
    { name: 'tool' },
    { meta, headers },
  );
  return gate.callers[up].open(message.body, message.headers);
}

const call = async (...args: Parameters<typeof open>): Promise<RawAnswer> => whole(await open(...args));

/** Starts an event stream and hands its response to the test. */
function streaming(use: (response: ServerResponse, id: string) => void): RawScript {
  return ({ id, response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    use(response, id);
  };
}

const resultOf = (id: string): string => `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"resultType":"complete"}}`;

describe.each(PAIRS)('a %s client at a %s upstream', (down, up) => {
  it('gets JSON when the answer comes alone, though the upstream streams it', async () => {
    gate.upstreams[up].script = streaming((response, id) => response.end(eventOf(resultOf(id))));
    const answer = await call(down, up);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(jsonOf(answer)).toMatchObject({ id: 1, result: { content: [] } });
  });

  it('gets progress before the answer, as it comes', async () => {
    let upstream: ServerResponse | undefined;
    let upstreamId = '';
    gate.upstreams[up].script = streaming((response, id) => {
      upstream = response;
      upstreamId = id;
      response.write(eventOf(PROGRESS));
    });
    const answer = await open(down, up);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(first.toString()).toContain(`data: ${PROGRESS}\n\n`);
    upstream?.end(eventOf(resultOf(upstreamId)));
    const rest = await whole(answer);
    expect(eventsOf(rest)).toMatchObject([{ id: 1, result: { content: [] } }]);
  });

  it('gets JSON alone where it takes no events', async () => {
    gate.upstreams[up].script = streaming((response, id) => response.end(eventOf(PROGRESS) + eventOf(resultOf(id))));
    if (down === 'modern') {
      const answer = await call(down, up, { progressToken: 'p' }, { accept: 'application/json' });
      expect(jsonOf(answer)).toMatchObject({ id: 1, result: { content: [] } });
    } else {
      expect(jsonOf(await call(down, up, {}))).toMatchObject({ id: 1, result: { content: [] } });
    }
  });

  it('is told of a failure after progress on the stream', async () => {
    gate.upstreams[up].script = streaming((response) => response.end(eventOf(PROGRESS)));
    const answer = await call(down, up);
    expect(answer.status).toBe(200);
    expect(eventsOf(answer)).toMatchObject([
      { method: 'notifications/progress' },
      { id: 1, error: { code: -32603, data: { reason: 'upstream_closed' } } },
    ]);
  });
});

/** Every client at every upstream at once: these tests wait. */
describe('in time, a client', () => {
  const everywhere = (script: RawScript, check: (down: Era, up: Era) => Promise<void>): Promise<unknown> => {
    for (const up of ERAS) gate.upstreams[up].script = script;
    return Promise.all(PAIRS.map(([down, up]) => check(down, up)));
  };

  it('waits as long as there is progress, but not for ever', async () => {
    const script = streaming((response) => {
      const beat = setInterval(() => response.write(eventOf(PROGRESS)), 250);
      response.once('close', () => clearInterval(beat));
    });
    await everywhere(script, async (down, up) => {
      const events = eventsOf(await call(down, up));
      expect(events.at(-1)).toMatchObject({ id: 1, error: { code: -32603, data: { reason: 'upstream_timeout' } } });
      // More than fit into TOOL_TIMEOUT, and no more than into MCP_CALL_MAX_SECONDS; late timers skip beats.
      expect(events.length).toBeGreaterThan(5);
      expect(events.length).toBeLessThanOrEqual(13);
    });
  });

  it('gives up on a silent upstream, and the upstream hears of it', async () => {
    const closed: Promise<unknown>[] = [];
    const script: RawScript = ({ response }) => void closed.push(once(response, 'close'));
    await everywhere(script, async (down, up) => {
      const answer = jsonOf(await call(down, up));
      expect(answer).toMatchObject({ error: { code: -32603, data: { reason: 'upstream_timeout' } } });
    });
    expect(closed).toHaveLength(PAIRS.length);
    await Promise.all(closed);
    const { legacy } = gate.upstreams;
    for (const { id } of legacy.seen.filter(({ body }) => body.includes('tools/call'))) {
      await legacy.until(({ body }) => body.includes(`"params":{"requestId":${id},`));
    }
  });

  it('has its answer though the upstream does not end the stream', async () => {
    let beats = 0;
    const closed: Promise<unknown>[] = [];
    const script = streaming((response, id) => {
      response.write(eventOf(PROGRESS) + eventOf(resultOf(id)));
      const beat = setInterval(() => response.write(': still here\n\n', () => (beats += 1)), 100);
      closed.push(once(response, 'close').then(() => clearInterval(beat)));
    });
    await everywhere(script, async (down, up) => {
      expect(eventsOf(await call(down, up)).at(-1)).toMatchObject({ id: 1, result: { content: [] } });
    });
    const before = beats;
    await Promise.all(closed);
    expect(beats).toBeGreaterThan(before);
  });
});

describe.each(ERAS)('log messages of a %s upstream', (up) => {
  it.each([
    ['modern', undefined, []],
    ['modern', 'warning', ['error']],
    ['modern', 'debug', ['debug', 'error']],
    ['legacy', undefined, ['debug', 'error']],
  ] as const)('reach a %s client with logLevel %s: %j', async (down, logLevel, expected) => {
    gate.upstreams[up].script = streaming((response, id) => {
      response.end(
        eventOf(messageOf('debug')) + eventOf(messageOf('error')) + eventOf(PROGRESS) + eventOf(resultOf(id)),
      );
    });
    const key = logLevel && { 'io.modelcontextprotocol/logLevel': logLevel };
    const events = eventsOf(await call(down, up, { progressToken: 'p', ...key }));
    expect(events.flatMap(({ params }) => params?.level ?? [])).toEqual(expected);
    expect(events.at(-1)).toMatchObject({ id: 1, result: {} });
  });
});

describe('a request of the upstream to a client that declared nothing', () => {
  it.each([
    ['ping', '"result":{}'],
    ['sampling/createMessage', '"code":-32601'],
  ])('is answered by the gate: %s', async (method, expected) => {
    const { legacy } = gate.upstreams;
    legacy.script = streaming((response, id) => {
      response.write(eventOf(`{"jsonrpc":"2.0","id":"up-1","method":"${method}","params":{}}`));
      void legacy.until(({ body }) => body.includes('"up-1"')).then(() => response.end(eventOf(resultOf(id))));
    });
    expect(jsonOf(await call('legacy', 'legacy'))).toMatchObject({ id: 1, result: { content: [] } });
    const reply = await legacy.until(({ body }) => body.includes('"up-1"'));
    expect(reply.body).toContain(expected);
    expect(reply.headers['mcp-session-id']).toMatch(/^raw-/);
  });

  it('is left alone where the upstream may not ask at all', async () => {
    gate.upstreams.modern.script = (exchange) => {
      exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
      exchange.response.write(eventOf('{"jsonrpc":"2.0","id":"up-1","method":"ping"}'));
      exchange.response.end(eventOf(resultOf(exchange.id)));
    };
    expect(jsonOf(await call('modern', 'modern'))).toMatchObject({ id: 1 });
    gate.upstreams.modern.script = (exchange) => sendResult(exchange, '{"content":[],"resultType":"complete"}');
    expect(jsonOf(await call('modern', 'modern'))).toMatchObject({ id: 1 });
  });
});
