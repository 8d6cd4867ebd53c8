import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf } from '../mcp/raw-caller.js';
import { ERAS } from '../mcp/raw-gate.js';
import { answering, type RawScript } from '../mcp/raw-upstream.js';
import { GuardedGate } from './guarded-gate.js';

const TOOL = { description: 'Does what it is told.', inputSchema: { type: 'object' } };
const TOOLS = [
  { ...TOOL, name: 'reads', annotations: { readOnlyHint: true } },
  { ...TOOL, name: 'writes' },
];
const GOOD = '{"content":[{"type":"text","text":"done"}]}';

const FAILURES: readonly (readonly [string, RawScript])[] = [
  ['says that it failed', answering('{"content":[],"isError":true}')],
  ['closes the connection', ({ response }) => void response.destroy()],
  ['is busy', ({ response }) => void response.writeHead(503).end()],
];

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start({ tools: TOOLS }, { CIRCUIT_BREAKER_THRESHOLD: '0' });
  await guarded.plugins([{ name: 'Retry', kind: 'retry_with_backoff', config: { backoff_base_ms: 5 } }]);
});
afterAll(() => guarded.stop());
beforeEach(() => guarded.gate.reset());

describe.each(ERAS)('at a %s upstream', (era) => {
  /** What a call comes to whose first tries fail like this, and how often the upstream saw it. */
  async function called(name: string, failure: RawScript, failures: number) {
    const upstream = guarded.gate.upstreams[era];
    upstream.script = (exchange) => (upstream.seen.length <= failures ? failure : answering(GOOD))(exchange);
    const { result, error } = jsonOf(await guarded.gate.callers[era][era]('tools/call', { name }));
    return {
      good: result?.content[0]?.text === 'done',
      failed: result?.isError ?? error?.code,
      seen: upstream.seen.length,
    };
  }

  it.each(FAILURES)('a tool that reads and %s is called until it does not', async (_, failure) => {
    expect(await called('reads', failure, 2)).toEqual({ good: true, failed: undefined, seen: 3 });
  });

  it.each(FAILURES)('a tool that reads and always %s is called three times', async (_, failure) => {
    expect(await called('reads', failure, 9)).toMatchObject({ good: false, failed: expect.anything(), seen: 3 });
  });

  it.each(FAILURES)('a tool that writes and %s is called once', async (_, failure) => {
    expect(await called('writes', failure, 9)).toMatchObject({ good: false, seen: 1 });
  });
});

it('a tool that the gateway keeps is called until it does not fail', async () => {
  const kept = { backoff_base_ms: 5, retry_tools: ['flaky'] };
  await guarded.plugins([{ name: 'Retry', kind: 'retry_with_backoff', config: kept }]);
  let seen = 0;
  const flaky = createServer((_, response) => void response.writeHead(++seen < 3 ? 503 : 200).end('done'));
  flaky.listen(0, '127.0.0.1');
  await once(flaky, 'listening');
  const url = `http://127.0.0.1:${(flaky.address() as AddressInfo).port}/`;
  const tool = { name: 'flaky', url, integration_type: 'REST', request_type: 'GET', description: 'Fails twice.' };
  expect((await guarded.gate.running.rest('POST', '/tools', { tool })).status).toBe(200);
  const answer = await guarded.gate.at({ path: '/mcp' }).modern('tools/call', { name: 'flaky', arguments: {} });
  expect(jsonOf(answer).result?.isError ?? false).toBe(false);
  expect(seen).toBe(3);
  flaky.close();
  flaky.closeAllConnections();
});
