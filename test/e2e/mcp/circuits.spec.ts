import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, type RawAnswer } from './raw-caller.js';
import { type Era, ERAS, PAIRS, RawGate } from './raw-gate.js';
import { answering, type RawScript } from './raw-upstream.js';
import { usageOf } from './usage-of.js';

const THRESHOLD = 3;

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start(
    {},
    { CIRCUIT_BREAKER_THRESHOLD: String(THRESHOLD), CIRCUIT_BREAKER_OPEN_SECONDS: '1', RETRY_MAX_ATTEMPTS: '1' },
  );
});
afterAll(() => gate.stop());
beforeEach(async () => {
  gate.reset();
  for (const up of ERAS) await probed('modern', up);
  gate.reset();
});

const fail: RawScript = ({ response }) => void response.writeHead(500).end('secret stack trace');
const call = (down: Era, up: Era): Promise<RawAnswer> => gate.callers[up][down]('tools/call', { name: 'tool' });
const reasonOf = (answer: RawAnswer): unknown => jsonOf(answer).error?.data.reason;
const asked = (up: Era): number => gate.upstreams[up].seen.filter(({ body }) => body.includes('tools/call')).length;

async function open(down: Era, up: Era): Promise<void> {
  gate.upstreams[up].script = fail;
  for (let times = 0; times < THRESHOLD; times++) expect(reasonOf(await call(down, up))).toBe('upstream_failed');
}

/** Calls until the circuit has let one through. */
async function probed(down: Era, up: Era): Promise<RawAnswer> {
  for (;;) {
    const answer = await call(down, up);
    if (reasonOf(answer) !== 'upstream_unavailable') return answer;
  }
}

describe.each(PAIRS)('the circuit between a %s client and a %s upstream', (down, up) => {
  it('opens after so many outages, costs nobody else anything, and closes with the first answer', async () => {
    await open(down, up);
    const before = asked(up);
    const answer = await call(down, up);
    expect([answer.status, jsonOf(answer)]).toEqual([
      200,
      {
        jsonrpc: '2.0',
        id: 1,
        error: {
          code: -32603,
          message: expect.stringContaining('not asked for now'),
          data: { reason: 'upstream_unavailable', retryAfter: expect.toSatisfy((s: number) => s === 1 || s === 2) },
        },
      },
    ]);
    expect(asked(up)).toBe(before);
    expect(await usageOf(gate.running, answer.headers['x-correlation-id'])).toMatchObject({
      outcome: 'error',
      block_reason: 'upstream_unavailable',
      gateway_id: expect.any(String),
    });
    const other = ERAS.find((era) => era !== up) ?? up;
    expect(jsonOf(await call(down, other)).result).toMatchObject({ content: [] });

    gate.upstreams[up].script = answering('{"content":[]}');
    expect(jsonOf(await probed(down, up)).result).toMatchObject({ content: [] });
    expect(jsonOf(await call(down, up)).result).toMatchObject({ content: [] });
  });

  it('lets a single call see whether the upstream is back', async () => {
    await open(down, up);
    gate.upstreams[up].seen.length = 0;
    expect(reasonOf(await probed(down, up))).toBe('upstream_failed');
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(down, up)));
    expect(new Set(answers.map(reasonOf))).toEqual(new Set(['upstream_unavailable']));
    expect(asked(up)).toBe(1);
    gate.upstreams[up].script = answering('{"content":[]}');
    await probed(down, up);
  });

  it.each<[string, RawScript]>([
    ['an error of the tool', answering('{"content":[],"isError":true}')],
    ['a 4xx', ({ response }) => void response.writeHead(403).end()],
    ['a request to come later', ({ response }) => void response.writeHead(429).end()],
    ['an answer that is none', ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('')],
  ])('is not opened by %s', async (_, script) => {
    gate.upstreams[up].script = script;
    for (let times = 0; times < 3 * THRESHOLD; times++)
      expect(reasonOf(await call(down, up))).not.toBe('upstream_unavailable');
  });

  it('is not opened by callers who leave', async () => {
    gate.upstreams[up].script = () => undefined;
    for (let times = 0; times < 2 * THRESHOLD; times++) {
      const leaving = new AbortController();
      const answer = gate.callers[up].modern('tools/call', { name: 'tool' }, { signal: leaving.signal });
      answer.catch(() => undefined);
      const { response } = await gate.upstreams[up].until(({ body }) => body.includes('tools/call'));
      gate.upstreams[up].seen.length = 0;
      const closed = new Promise((resolve) => response.once('close', resolve));
      leaving.abort();
      await closed;
    }
    gate.upstreams[up].script = answering('{"content":[]}');
    expect(jsonOf(await call(down, up)).result).toMatchObject({ content: [] });
  });
});
