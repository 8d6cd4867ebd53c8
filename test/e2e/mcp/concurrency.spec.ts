import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { jsonOf, RawCaller } from './raw-caller.js';

const CLIENTS = 200;
const UPSTREAMS: readonly [string, () => Promise<TestUpstream>][] = [
  ['dual era', () => startDualEraUpstream()],
  ['with sessions', () => startLegacyUpstream({ sessions: true })],
  ['without sessions', () => startLegacyUpstream({ sessions: false })],
];

let running: RunningGateway;
const tokens: string[] = [];
const endpoints = new Map<string, string>();
const upstreams: TestUpstream[] = [];

beforeAll(async () => {
  running = await RunningGateway.start();
  for (let index = 0; index < CLIENTS; index++) tokens.push(await running.mint(`client ${index}`));
  for (const [name, start] of UPSTREAMS) {
    const upstream = await start();
    upstreams.push(upstream);
    const { id } = await running.register(name, upstream.url);
    const server = await running.serve(id, { tool_naming: 'original' });
    endpoints.set(name, `${running.url}/servers/${server.id}/mcp`);
  }
});

afterAll(async () => {
  await running.stop();
  for (const upstream of upstreams) await upstream.close();
});

const ERAS = ['modern', 'legacy'] as const;
// Without sessions nothing is shared; there the last test is enough.
const TABLE = UPSTREAMS.slice(0, 2).flatMap(([upstream]) =>
  ERAS.flatMap((era) => (['one token', 'a token each'] as const).map((whose) => [upstream, era, whose] as const)),
);

describe('200 clients at once, all with the id 1', () => {
  it.each(TABLE)('upstream %s, %s, %s: each gets its own answer', async (upstream, era, whose) => {
    const callers = tokens.map(
      (token) => new RawCaller(endpoints.get(upstream) ?? '', whose === 'one token' ? tokens[0] : token),
    );
    const answers = await Promise.all(
      callers.map((caller, index) => {
        // The later it is asked, the sooner it is answered: answers overtake each other.
        const params = { name: 'slow', arguments: { ms: CLIENTS - index } };
        return caller[era]('tools/call', params, { id: 1 });
      }),
    );
    for (const [index, answer] of answers.entries()) {
      expect(answer.status).toBe(200);
      expect(jsonOf(answer)).toMatchObject({
        id: 1,
        result: { content: [{ text: `waited ${CLIENTS - index} ms` }] },
      });
    }
    for (const caller of callers) caller.close();
  });

  it('on three upstreams and in both eras at the same time', async () => {
    const plans = Array.from({ length: CLIENTS }, (_, index) => {
      const upstream = UPSTREAMS[index % UPSTREAMS.length]?.[0] ?? '';
      return {
        text: `${upstream} ${index}`,
        era: ERAS[index % 2] ?? 'modern',
        endpoint: endpoints.get(upstream) ?? '',
      };
    });
    const answers = await Promise.all(
      plans.map(async ({ text, era, endpoint }, index) => {
        const caller = new RawCaller(endpoint, tokens[index % 3]);
        const options = { id: 'same', meta: { progressToken: 'same' } };
        const answer = await caller[era]('tools/call', { name: 'echo', arguments: { text } }, options);
        caller.close();
        return answer.body.toString();
      }),
    );
    for (const [index, { text }] of plans.entries()) {
      expect(answers[index]).toContain(`"${text}"`);
      expect(answers[index]).toContain('"id":"same"');
    }
  });
});
