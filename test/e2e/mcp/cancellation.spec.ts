import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import { connectClient } from './official-clients.js';
import { jsonOf, legacyMessage, modernMessage, RawCaller } from './raw-caller.js';
import { type Era, ERAS, RawGate } from './raw-gate.js';
import { eventOf, sendResult } from './raw-upstream.js';

const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';
const CANCELLED = { id: 1, error: { code: -32603, data: { reason: 'cancelled' } } };

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start();
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

const params = { name: 'tool', arguments: {} };
const isCall = ({ body }: { body: string }): boolean => body.includes('tools/call');

/** Leaves calls unanswered; each answer that is held can be closed by its upstream's other end only. */
function hold(up: Era, prelude = ''): ServerResponse[] {
  const held: ServerResponse[] = [];
  gate.upstreams[up].script = ({ response }) => {
    held.push(response);
    if (prelude === '') return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(prelude);
  };
  return held;
}

const cancel = (caller: RawCaller, requestId: unknown) =>
  caller.post(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }));

describe.each(ERAS)('at a %s upstream', (up) => {
  it.each(['before an answer', 'in the middle of a stream'])(
    'a modern client that leaves %s ends its call',
    async (when) => {
      const held = hold(up, when === 'before an answer' ? '' : eventOf(PROGRESS));
      const { body, headers } = modernMessage('tools/call', params, { meta: { progressToken: 'p' } });
      const leaving = new AbortController();
      const answer = gate.callers[up].open(body, headers, leaving.signal);
      answer.catch(() => undefined);
      const { id } = await gate.upstreams[up].until(isCall);
      if (when !== 'before an answer') await once(await answer, 'data');
      const closed = once(held[0] as ServerResponse, 'close');
      leaving.abort();
      await closed;
      if (up === 'legacy')
        await gate.upstreams.legacy.until(({ body }) => body.includes(`"params":{"requestId":${id},`));
    },
  );

  it.each(['before an answer', 'in the middle of a stream'])(
    'a legacy client that leaves %s does not',
    async (when) => {
      const held = hold(up, when === 'before an answer' ? '' : eventOf(PROGRESS));
      const { body, headers } = legacyMessage('tools/call', params, { id: 5, meta: { progressToken: 'p' } });
      const leaving = new AbortController();
      const answer = gate.callers[up].open(body, headers, leaving.signal);
      answer.catch(() => undefined);
      const { id } = await gate.upstreams[up].until(isCall);
      if (when !== 'before an answer') await once(await answer, 'data');
      leaving.abort();
      // The next call goes through while the first is still heard out, and can be cancelled under its id.
      expect(jsonOf(await gate.callers[up].legacy('ping'))).toMatchObject({ result: {} });
      const first = held[0] as ServerResponse;
      expect(first.destroyed).toBe(false);
      const closed = once(first, 'close');
      if (when === 'before an answer') await cancel(gate.callers[up], 5);
      else sendResult({ id, response: first.headersSent ? endingStream(first) : first }, '{"content":[]}');
      await closed;
    },
  );

  it('a legacy client that says so ends its own call alone', async () => {
    const held = hold(up);
    const mine = gate.callers[up].legacy('tools/call', { name: 'tool', arguments: { whose: 'mine' } });
    const alsoMine = gate.callers[up].legacy('tools/call', params, { id: '1' });
    const token = await gate.running.mint(`another ${up}`);
    const other = new RawCaller(gate.callers[up].endpoint, token);
    const theirs = other.legacy('tools/call', params, { id: 1 });
    await gate.upstreams[up].until(() => held.length === 3);

    expect((await cancel(gate.callers[up], 1)).status).toBe(202);
    expect(jsonOf(await mine)).toMatchObject(CANCELLED);
    const calls = gate.upstreams[up].seen.filter(isCall);
    if (up === 'legacy') {
      const told = await gate.upstreams.legacy.until(({ body }) => body.includes('notifications/cancelled'));
      const ids = calls.map(({ id }) => id);
      expect(new Set(ids).size).toBe(3);
      expect(told.body).toContain(`"requestId":${calls.find(({ body }) => body.includes('mine'))?.id},`);
    }
    for (const exchange of calls) sendResult(exchange, '{"content":[]}');
    expect(jsonOf(await alsoMine)).toMatchObject({ id: '1', result: {} });
    expect(jsonOf(await theirs)).toMatchObject({ id: 1, result: {} });
    other.close();
  });

  it('nobody is cancelled for another: unknown ids, and one id used twice', async () => {
    const held = hold(up);
    const calls = [1, 1].map((id) => gate.callers[up].legacy('tools/call', params, { id }));
    await gate.upstreams[up].until(() => held.length === 2);
    for (const id of [1, 2, '1', null, {}, [1]]) expect((await cancel(gate.callers[up], id)).status).toBe(202);
    for (const exchange of gate.upstreams[up].seen.filter(isCall)) sendResult(exchange, '{"content":[]}');
    for (const call of calls) expect(jsonOf(await call)).toMatchObject({ id: 1, result: {} });
  });
});

/** Lets `sendResult` end a stream that has begun. */
function endingStream(response: ServerResponse): ServerResponse {
  return Object.assign(Object.create(response) as ServerResponse, {
    writeHead: () => response,
    end: (json: string) => response.end(eventOf(json)),
  });
}

describe('the official clients', () => {
  it.each([
    ['v2 pinned to 2026-07-28', 'dual era', () => startDualEraUpstream()],
    ['v2 pinned to 2026-07-28', 'with sessions', () => startLegacyUpstream({ sessions: true })],
    ['v1', 'dual era', () => startDualEraUpstream()],
    ['v1', 'with sessions', () => startLegacyUpstream({ sessions: true })],
  ] as const)('%s cancels a tool of the upstream %s', async (kind, name, start) => {
    const upstream = await start();
    const { id } = await gate.running.register(`${name} for ${kind}`, upstream.url);
    const server = await gate.running.serve(id, { tool_naming: 'original' });
    const client = await connectClient(kind, `${gate.running.url}/servers/${server.id}/mcp`, gate.token);
    const leaving = new AbortController();
    const call = { name: 'slow', arguments: { ms: 50_000 } };
    const options = { signal: leaving.signal };
    const refused = expect(
      client instanceof Client ? client.callTool(call, options) : client.callTool(call, undefined, options),
    ).rejects.toThrow();
    await upstream.calls.until(({ started }) => started.includes('slow'));
    leaving.abort(new Error('changed my mind'));
    await refused;
    await upstream.calls.until(({ cancelled }) => cancelled.includes('slow'));
    await client.close();
    await upstream.close();
  });
});
