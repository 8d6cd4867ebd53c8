import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startEverythingUpstream } from '../../fixtures/upstreams/everything-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import type { RogueBehaviourName } from '../../fixtures/upstreams/rogue-behaviours.js';
import { startRogueUpstream } from '../../fixtures/upstreams/rogue-upstream.js';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS } from './raw-gate.js';
import { failing, RawUpstream } from './raw-upstream.js';

let running: RunningGateway;
let token: string;
const callers: RawCaller[] = [];
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  running = await RunningGateway.start({ TOOL_TIMEOUT: '1', CIRCUIT_BREAKER_THRESHOLD: '0' });
  token = await running.mint('sessions');
});
afterEach(async () => {
  for (const caller of callers.splice(0)) caller.close();
  for (const upstream of closing.splice(0)) await upstream.close();
});
afterAll(() => running.stop());

let upstreams = 0;
async function serve<Upstream extends { readonly url: string; close(): Promise<void> }>(upstream: Upstream) {
  closing.push(upstream);
  const { id } = await running.register(`upstream ${++upstreams}`, upstream.url);
  const server = await running.serve(id, { tool_naming: 'original' });
  const caller = new RawCaller(`${running.url}/servers/${server.id}/mcp`, token);
  callers.push(caller);
  return { upstream, caller };
}

describe('a session with an upstream', () => {
  it.each(ERAS)('is opened anew after the upstream has started anew (%s client)', async (era) => {
    const { upstream, caller } = await serve(await startEverythingUpstream());
    const echo = () => caller[era]('tools/call', { name: 'echo', arguments: { message: 'hi' } });
    expect(jsonOf(await echo())).toMatchObject({ result: { content: [{ text: 'Echo: hi' }] } });
    const port = Number(new URL(upstream.url).port);
    await upstream.close();
    closing.push(await startEverythingUpstream(port));
    // The reference server says 400 and not 404 to a session that it does not know.
    expect(jsonOf(await echo())).toMatchObject({ result: { content: [{ text: 'Echo: hi' }] } });
  });

  it('is not opened anew for an error of the call itself', async () => {
    const { upstream, caller } = await serve(await RawUpstream.start('legacy'));
    for (const [status, code] of [
      [400, -32602],
      [404, -32601],
      [500, -32000],
    ] as const) {
      upstream.script = failing(`{"code":${code},"message":"no"}`, status);
      expect(jsonOf(await caller.legacy('tools/call', { name: 'tool' }))).toMatchObject({
        error: { code, message: 'no' },
      });
    }
    expect(upstream.seen.filter(({ body }) => body.includes('tools/call'))).toHaveLength(3);
  });

  it('is shared by calls that come together, and ended with the gateway', async () => {
    const upstream = await startLegacyUpstream({ sessions: true });
    const own = await RunningGateway.start();
    const { id } = await own.register('ended', upstream.url);
    const server = await own.serve(id, { tool_naming: 'original' });
    const caller = new RawCaller(`${own.url}/servers/${server.id}/mcp`, await own.mint('ended'));
    const calls = Array.from({ length: 20 }, () =>
      caller.modern('tools/call', { name: 'echo', arguments: { text: 'x' } }),
    );
    for (const call of calls) expect(jsonOf(await call)).toHaveProperty('result.content');
    expect(upstream.sessions()).toHaveLength(1);
    caller.close();
    await own.stop();
    expect(upstream.sessions()).toEqual([]);
    await upstream.close();
  });
});

describe('a session that cannot be opened', () => {
  const FAULTS: readonly (readonly [RogueBehaviourName, string])[] = [
    ['status_401', 'upstream_refused_credentials'],
    ['status_500', 'upstream_failed'],
    ['html', 'upstream_invalid_answer'],
    ['broken_json', 'upstream_invalid_answer'],
    ['redirect', 'upstream_invalid_answer'],
    ['never_answers', 'upstream_timeout'],
    ['half_json_then_close', 'upstream_closed'],
  ];
  it.each(FAULTS)('because the upstream answers %s is told as %s to all who wait', async (behaviour, reason) => {
    const { upstream, caller } = await serve(await startRogueUpstream({ era: 'legacy' }));
    const call = () => caller.legacy('tools/call', { name: 'well_behaved' });
    upstream.misbehave('initialize', behaviour);
    for (const answer of await Promise.all([call(), call(), call()])) {
      expect(jsonOf(answer)).toMatchObject({ id: 1, error: { code: -32603, data: { reason } } });
    }
    expect(upstream.calls.of('tools/call')).toEqual([]);
    upstream.misbehave('initialize', 'well_behaved');
    expect(jsonOf(await call())).toMatchObject({ result: { content: [{ text: 'well_behaved' }] } });
  });
});
