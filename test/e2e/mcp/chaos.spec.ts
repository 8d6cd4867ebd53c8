import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import { startRogueUpstream } from '../../fixtures/upstreams/rogue-upstream.js';
import { eventsOf, jsonOf, RawCaller } from './raw-caller.js';
import { ERAS } from './raw-gate.js';

const CALLS = 600;
const AT_ONCE = 40;
const ROGUERY = [
  'well_behaved',
  'html',
  'wrong_id',
  'half_json_then_close',
  'sse_without_result',
  'never_answers',
  'status_500',
  'status_404',
  'huge_sse_event',
];

let running: RunningGateway;
let upstreams: { readonly url: string; close(): Promise<void> }[];
let callers: RawCaller[];

beforeAll(async () => {
  running = await RunningGateway.start({ TOOL_TIMEOUT: '3' });
  const token = await running.mint('chaos');
  const rogues = [await startRogueUpstream({ era: 'modern' }), await startRogueUpstream({ era: 'legacy' })];
  upstreams = [...rogues, await startDualEraUpstream(), await startLegacyUpstream({ sessions: true })];
  callers = [];
  for (const [index, { url }] of upstreams.entries()) {
    const { id } = await running.register(`upstream ${index}`, url);
    const server = await running.serve(id, { tool_naming: 'original' });
    callers.push(new RawCaller(`${running.url}/servers/${server.id}/mcp`, token));
  }
});
afterAll(async () => {
  for (const caller of callers) caller.close();
  await running.stop();
  for (const upstream of upstreams) await upstream.close();
});

/** The same numbers in every run (mulberry32), from 0 to below the limit. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function paramsFor(
  rogue: boolean,
  index: number,
  roll: (limit: number) => number,
): { name: string; arguments: object } {
  if (rogue) return { name: ROGUERY[roll(ROGUERY.length)] ?? '', arguments: {} };
  if (roll(2) === 0) return { name: 'echo', arguments: { text: `text ${index}` } };
  return roll(2) === 0 ? { name: 'progress', arguments: { steps: 5 } } : { name: 'slow', arguments: { ms: roll(50) } };
}

/** Undefined for a call that was given up before its answer. */
async function callOnce(index: number): Promise<{ id: unknown; asked: string; said: string } | undefined> {
  const roll = dice(index);
  const which = roll(callers.length);
  const params = paramsFor(which < 2, index, roll);
  const leaves = roll(10) < 3;
  const signal = leaves ? AbortSignal.timeout(1 + roll(30)) : undefined;
  const options = { id: `call ${index}`, meta: { progressToken: 1 }, ...(signal && { signal }) };
  try {
    const answer = await callers[which]?.[ERAS[roll(2)] ?? 'modern']('tools/call', params, options);
    if (!answer) throw new Error('no such caller');
    const streamed = answer.headers['content-type'] === 'text/event-stream';
    const { id, result, error } = streamed ? eventsOf(answer).at(-1) : jsonOf(answer);
    const said = result?.content?.[0]?.text ?? JSON.stringify(error);
    return { id, asked: params.name === 'echo' ? `text ${index}` : '', said };
  } catch (error) {
    if (leaves) return undefined;
    throw error;
  }
}

describe('good and bad upstreams, patient and impatient clients, all at once', () => {
  it('leave every answer with its call, and nothing behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    let next = 0;
    let answered = 0;
    const work = async (): Promise<void> => {
      for (let index = next++; index < CALLS; index = next++) {
        const answer = await callOnce(index);
        if (!answer) continue;
        answered++;
        expect(answer.id).toBe(`call ${index}`);
        if (answer.asked !== '') expect(answer.said).toBe(answer.asked);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(answered).toBeGreaterThan(CALLS / 2);
    // Calls of legacy clients that left go on for at most their timeout and the second in which a stream may end.
    while (timers() > before) await pause(50, undefined, { ref: false });
  });
});
