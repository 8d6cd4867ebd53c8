import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, legacyMessage, modernMessage, type RawAnswer, RawCaller } from './raw-caller.js';
import { type Era, ERAS, PAIRS, RawGate } from './raw-gate.js';
import { answering, eventOf, sendResult } from './raw-upstream.js';
import { usageOf, usageRowsOf } from './usage-of.js';

const TOOL = { name: 'tool' };
const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';
const MESSAGES = { modern: modernMessage, legacy: legacyMessage };

function expectRefusal(answer: RawAnswer, reason: string, limit: number, setting: string): void {
  expect(answer.status).toBe(429);
  const { id, error } = jsonOf(answer);
  expect(id).toBe(1);
  expect(error).toMatchObject({ code: -32603, data: { reason, limit } });
  expect(error.message).toContain(setting);
  expect(answer.headers['retry-after']).toBe(String(error.data.retryAfter));
  expect(error.data.retryAfter).toBeGreaterThan(0);
}

describe.each(ERAS)('TOOL_RATE_LIMIT, %s', (era) => {
  let gate: RawGate;
  beforeAll(async () => {
    gate = await RawGate.start({}, { TOOL_RATE_LIMIT: '2' });
  });
  afterAll(() => gate.stop());

  it('is for each tool and user, on every door and with every token', async () => {
    const caller = gate.callers.modern;
    for (let times = 0; times < 2; times++) expect((await caller[era]('tools/call', TOOL)).status).toBe(200);
    const refused = await caller[era]('tools/call', TOOL);
    expectRefusal(refused, 'tool_rate_limit', 2, 'TOOL_RATE_LIMIT');
    expect(gate.upstreams.modern.seen).toHaveLength(2);
    expect(await usageOf(gate.running, refused.headers['x-correlation-id'])).toMatchObject({
      outcome: 'blocked',
      blocked: true,
      block_reason: 'tool_rate_limit',
      status_code: 429,
      target: 'tool',
      bytes_out: refused.body.length,
    });

    const another = new RawCaller(`${gate.running.url}/mcp`, await gate.running.mint(`another ${era}`));
    expect((await another[era]('tools/call', { name: 'modern-upstream-tool' })).status).toBe(429);
    expect((await another[era]('tools/call', { name: 'legacy-upstream-tool' })).status).toBe(200);
    another.close();

    for (let times = 0; times < 5; times++)
      expect((await caller[era]('prompts/get', { name: 'prompt' })).status).toBe(200);
    expect((await caller[era]('tools/list')).status).toBe(200);
  });

  it('refuses the element of a batch, not the batch', async () => {
    const caller = gate.callers.legacy;
    const elements = [1, 2, 3, 4].map((id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: TOOL }));
    const headers = { 'mcp-protocol-version': '2025-03-26', 'x-correlation-id': `batch ${era}`.replace(' ', '-') };
    const answer = await caller.post(JSON.stringify(elements), headers);
    expect(answer.status).toBe(200);
    const refused = jsonOf(answer).filter(({ error }: { error?: object }) => error);
    // One call was made through /mcp.
    expect(refused).toHaveLength(3);
    expect(refused[0].error.data.reason).toBe('tool_rate_limit');
    const rows = await usageRowsOf(gate.running, headers['x-correlation-id']);
    expect(rows.filter(({ blocked }) => blocked)).toHaveLength(3);
  });
});

describe('TOOL_CONCURRENT_LIMIT', () => {
  let gate: RawGate;
  let held: ServerResponse[];
  beforeAll(async () => {
    gate = await RawGate.start({}, { TOOL_CONCURRENT_LIMIT: '2' });
  });
  afterAll(() => gate.stop());
  beforeEach(() => {
    gate.reset();
    held = [];
  });
  // Whatever happened: nothing is left that counts. What an upstream broke off is known here some turns later.
  afterEach(async () => {
    for (const era of ERAS) {
      gate.upstreams[era].script = answering('{"content":[]}');
      const caller = gate.callers[era];
      for (;;) {
        const answers = await Promise.all([caller.modern('tools/call', TOOL), caller.legacy('tools/call', TOOL)]);
        if (answers.every(({ status }) => status === 200)) break;
      }
    }
  });

  const hold = (up: Era, prelude = ''): void => {
    gate.upstreams[up].script = ({ response }) => {
      held.push(response);
      if (prelude === '') return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(prelude);
    };
  };
  /** Calls that wait, once the upstream has them. */
  async function waiting(down: Era, up: Era, count: number, signal?: AbortSignal) {
    const { body, headers } = MESSAGES[down]('tools/call', TOOL, { meta: { progressToken: 'p' } });
    const { upstreams, callers } = gate;
    const answers = [];
    for (let call = 1; call <= count; call++) {
      answers.push(callers[up].open(body, headers, signal));
      await upstreams[up].untilSeen(call, 'tools/call');
    }
    return answers;
  }

  it.each(PAIRS)('holds for a %s client of a %s upstream', async (down, up) => {
    hold(up);
    const answers = await waiting(down, up, 2);
    const refused = await gate.callers[up][down]('tools/call', TOOL);
    expectRefusal(refused, 'tool_concurrent_limit', 2, 'TOOL_CONCURRENT_LIMIT');
    for (const [index, response] of held.entries()) {
      const { id } = gate.upstreams[up].seen[index] ?? { id: '' };
      sendResult({ id, response }, '{"content":[]}');
    }
    for (const answer of await Promise.all(answers)) answer.resume();
  });

  it.each(PAIRS)('counts a stream of a %s client from a %s upstream until it ends', async (down, up) => {
    hold(up, eventOf(PROGRESS));
    const streams = await Promise.all(await waiting(down, up, 2));
    await Promise.all(streams.map((stream) => once(stream, 'data')));
    expect((await gate.callers[up][down]('tools/call', TOOL)).status).toBe(429);
    const ends = streams.map((stream) => once(stream, 'end'));
    for (const response of held) response.destroy();
    await Promise.all(ends);
  });

  it.each(ERAS)('counts no longer what a modern client of a %s upstream has left', async (up) => {
    hold(up);
    const leaving = new AbortController();
    const answers = await waiting('modern', up, 2, leaving.signal);
    for (const answer of answers) answer.catch(() => undefined);
    const closed = Promise.all(held.map((response) => once(response, 'close')));
    leaving.abort();
    await closed;
  });

  it.each(ERAS)('counts what a legacy client of a %s upstream has left, for that goes on', async (up) => {
    hold(up);
    const leaving = new AbortController();
    const answers = await waiting('legacy', up, 2, leaving.signal);
    for (const answer of answers) answer.catch(() => undefined);
    leaving.abort();
    await Promise.allSettled(answers);
    expect((await gate.callers[up].legacy('tools/call', TOOL)).status).toBe(429);
    for (const response of held) response.destroy();
  });
});
