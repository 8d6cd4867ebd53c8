import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tool } from '../../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { listenOnLoopback, readJsonBody } from '../../../fixtures/upstreams/loopback-server.js';
import { ObservedCalls } from '../../../fixtures/upstreams/observed-calls.js';
import { RawCaller } from '../raw-caller.js';
import { listening } from './open-listener.js';

const CHANGED = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });

let running: RunningGateway;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  running = await RunningGateway.start();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => running.stop());

type Stream = (response: ServerResponse, body: unknown, times: number) => void;

/** An upstream of one tool that grows with each list, whose stream is what the test says. */
async function serve(era: 'legacy' | 'modern', stream: Stream) {
  const calls = new ObservedCalls();
  const capabilities = { tools: { listChanged: true } };
  let streams = 0;
  const http = await listenOnLoopback(async (request, response) => {
    const body = (await readJsonBody(request)) as { id?: unknown; method?: string } | undefined;
    calls.recordRequest(request, body);
    const isStream = request.method === 'GET' || body?.method === 'subscriptions/listen';
    if (isStream) return stream(response, body, (streams += 1));
    if (request.method === 'DELETE' || body?.id === undefined) return void response.writeHead(202).end();
    const results: Record<string, object> = {
      ...(era === 'modern'
        ? { 'server/discover': { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities } }
        : { initialize: { protocolVersion: '2025-11-25', capabilities, serverInfo: { name: 'raw', version: '1' } } }),
      'tools/list': { tools: calls.of('tools/list').map((_, at) => tool(`tool-${at}`)) },
    };
    const result = results[body.method ?? ''];
    response.writeHead(result ? 200 : 404, { 'content-type': 'application/json', 'mcp-session-id': 'raw' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: body.id, ...(result ? { result } : { error: NONE }) }));
  });
  const { id } = await running.register(`raw ${Math.random()}`, `${http.origin}/mcp`);
  closing.push(
    () => http.close(),
    () => running.rest('DELETE', `/gateways/${id}`),
  );
  return { calls, asked: () => calls.requests.filter(isForStream).length };
}

const NONE = { code: -32601, message: 'Method not found' };
const isForStream = ({ httpMethod, rpcMethod }: ObservedCalls['requests'][number]): boolean =>
  httpMethod === 'GET' || rpcMethod === 'subscriptions/listen';

const open = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
};

async function client() {
  const caller = new RawCaller(`${running.url}/mcp`, running.session);
  closing.push(() => caller.close());
  return listening('modern', caller);
}

const TOLD = { method: 'notifications/tools/list_changed' };

describe('an upstream that has no stream', () => {
  it.each([
    ['legacy', 'says 405', (response: ServerResponse) => void response.writeHead(405).end()],
    [
      'legacy',
      'says something else',
      (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('x'),
    ],
    [
      'modern',
      'knows no such method',
      (response: ServerResponse, body: unknown) => {
        const { id } = body as { id: number };
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, error: NONE }));
      },
    ],
    [
      'modern',
      'honours nothing',
      (response: ServerResponse) => {
        open(response);
        const message = {
          jsonrpc: '2.0',
          method: 'notifications/subscriptions/acknowledged',
          params: { notifications: {} },
        };
        response.end(`data: ${JSON.stringify(message)}\n\n`);
      },
    ],
  ] as const)('is asked once: a %s one %s', async (era, _why, stream) => {
    const { calls, asked } = await serve(era, stream);
    // Another upstream, added later, is asked again and again meanwhile.
    const busy = await serve('modern', (response) => response.destroy());
    await busy.calls.until(() => busy.asked() >= 2);
    expect(asked()).toBe(1);
    if (era === 'legacy') expect(calls.requests.some(({ httpMethod }) => httpMethod === 'DELETE')).toBe(true);
  });
});

describe('an upstream that misuses its stream', () => {
  it('is let go for an event without an end, and heard again', async () => {
    const { calls, asked } = await serve('modern', (response, _body, times) => {
      open(response);
      if (times === 1) response.write(`data: ${'x'.repeat(300_000)}`);
      else response.write(`data: ${CHANGED}\n\n`);
    });
    await calls.until(() => asked() === 2);
    expect(await (await client()).message()).toMatchObject(TOLD);
  });

  it('does not stop the gate from hearing it by what is no JSON', async () => {
    let upstream: ServerResponse | undefined;
    const { calls } = await serve('legacy', (response) => {
      open(response);
      upstream = response;
    });
    await calls.until(() => calls.of('tools/list').length === 2);
    const stream = await client();
    upstream?.write(`data: no JSON\n\ndata: []\n\ndata: {"method":1}\n\n: comment\n\ndata: ${CHANGED}\n\n`);
    expect(await stream.message()).toMatchObject(TOLD);
  });

  it('is answered a ping, and nothing else', async () => {
    const { calls } = await serve('legacy', (response) => {
      open(response);
      for (const [id, method] of [
        ['a', 'ping'],
        [0, 'sampling/createMessage'],
      ]) {
        response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, method })}\n\n`);
      }
    });
    const answers = () => calls.requests.flatMap(({ body }) => (isAnswer(body) ? [body] : []));
    await calls.until(() => answers().length === 2);
    expect(answers()).toEqual([
      { jsonrpc: '2.0', id: 'a', result: {} },
      { jsonrpc: '2.0', id: 0, error: { code: -32601, message: 'Method not found' } },
    ]);
  });

  it('is not crawled as often as it cries', async () => {
    let upstream: ServerResponse | undefined;
    const { calls } = await serve('modern', (response) => {
      open(response);
      upstream = response;
    });
    await calls.until(() => calls.of('tools/list').length === 2);
    const stream = await client();
    upstream?.write(`data: ${CHANGED}\n\n`.repeat(5000));
    expect(await stream.message()).toMatchObject(TOLD);
    expect(calls.of('tools/list').length).toBeLessThan(10);
  });
});

const isAnswer = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && ('result' in body || 'error' in body);
