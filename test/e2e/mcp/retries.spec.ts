import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, modernMessage } from './raw-caller.js';
import { type Era, ERAS, PAIRS, RawGate } from './raw-gate.js';
import { answering, type RawScript } from './raw-upstream.js';
import { usageOf } from './usage-of.js';

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start({}, { RETRY_BASE_DELAY: '0.05', RETRY_MAX_DELAY: '2', CIRCUIT_BREAKER_THRESHOLD: '0' });
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

const READS = [
  ['resources/read', { uri: 'raw://one' }, '{"contents":[]}'],
  ['prompts/get', { name: 'prompt' }, '{"messages":[]}'],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'prompt' }, argument: { name: 'a', value: '' } },
    '{"completion":{"values":[]}}',
  ],
] as const;
const TOOL = { name: 'tool' };

/** Answers badly so many times, then well. */
function badly(times: number, bad: RawScript, result = '{"content":[]}'): RawScript {
  let left = times;
  return (exchange) => (left-- > 0 ? bad(exchange) : answering(result)(exchange));
}

const busy =
  (retryAfter?: string, status = 503): RawScript =>
  ({ response }) =>
    void response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
const cut: RawScript = ({ request }) => void request.socket.destroy();
const asked = (up: Era, method: string): number =>
  gate.upstreams[up].seen.filter(({ body }) => body.includes(method)).length;

describe.each(PAIRS)('a %s client of a %s upstream', (down, up) => {
  it.each(READS)(
    'has %s repeated when the connection breaks or the upstream is busy',
    async (method, params, result) => {
      for (const bad of [cut, busy('0'), busy('1', 429)]) {
        gate.reset();
        gate.upstreams[up].script = badly(1, bad, result);
        expect(jsonOf(await gate.callers[up][down](method, params)).result).toMatchObject(JSON.parse(result) as object);
        expect(asked(up, method)).toBe(2);
      }
    },
  );

  it.each([
    ['the upstream does not say when', busy()],
    ['the upstream says much later', busy('3600')],
    ['it fails in another way', ({ response }) => void response.writeHead(500).end()],
  ] as [string, RawScript][])('has nothing repeated when %s', async (_, bad) => {
    gate.upstreams[up].script = badly(1, bad);
    const { error } = jsonOf(await gate.callers[up][down]('resources/read', { uri: 'raw://one' }));
    expect(error.data.reason).toMatch(/^upstream_(busy|failed)$/);
    expect(asked(up, 'resources/read')).toBe(1);
  });

  it('does not have its reads repeated for ever', async () => {
    gate.upstreams[up].script = cut;
    const { error } = jsonOf(await gate.callers[up][down]('prompts/get', { name: 'prompt' }));
    expect(error.data.reason).toBe('upstream_closed');
    expect(asked(up, 'prompts/get')).toBe(3);
  });

  it('never has a tool called again that may have run', async () => {
    for (const [bad, reason] of [
      [cut, 'upstream_closed'],
      [busy('0'), 'upstream_busy'],
      [busy('0', 429), 'upstream_busy'],
    ] as const) {
      gate.reset();
      gate.upstreams[up].script = badly(1, bad);
      const { error } = jsonOf(await gate.callers[up][down]('tools/call', TOOL));
      expect(error.data.reason).toBe(reason);
      expect(asked(up, 'tools/call')).toBe(1);
    }
  });
});

describe.each(ERAS)('a %s upstream that is restarted', (up) => {
  it('gets a tool call that nobody could take, once', async () => {
    await gate.upstreams[up].close();
    const answer = gate.callers[up].modern('tools/call', TOOL);
    await gate.upstreams[up].reopen();
    expect(jsonOf(await answer).result).toMatchObject({ content: [] });
    expect(asked(up, 'tools/call')).toBe(1);
  });
});

describe('a caller who leaves while a call waits for another try', () => {
  it('ends the call', async () => {
    gate.upstreams.modern.script = busy('2');
    const leaving = new AbortController();
    const { body, headers } = modernMessage('resources/read', { uri: 'raw://one' });
    const answer = gate.callers.modern.post(body, { ...headers, 'x-correlation-id': 'leaver' }, leaving.signal);
    answer.catch(() => undefined);
    await gate.upstreams.modern.until(({ body: asked }) => asked.includes('resources/read'));
    leaving.abort();
    await expect(answer).rejects.toThrow();
    expect(await usageOf(gate.running, 'leaver')).toMatchObject({ outcome: 'aborted' });
    expect(asked('modern', 'resources/read')).toBe(1);
  });
});
