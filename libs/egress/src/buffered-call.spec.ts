import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Dispatcher, Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { type BufferedAnswer, BufferedCall } from './buffered-call.js';
import type { Limits } from './call-handler.js';
import { EgressError } from './egress-error.js';

type Listener = (...exchange: Parameters<RequestListener>) => unknown;

let server: Server;
let pool: Pool;

async function serve(listener: Listener): Promise<void> {
  server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 });
}

function call(
  limits: Partial<Limits> = {},
  options: Partial<Dispatcher.DispatchOptions> = {},
): Promise<BufferedAnswer> {
  const buffered = new BufferedCall('up.example', { timeoutMs: 5_000, maxBytes: 1_000, ...limits });
  buffered.send(pool, { path: '/mcp?a=b', method: 'GET', ...options });
  return buffered.answer;
}

async function failureOf(answer: Promise<unknown>): Promise<EgressError> {
  const error = await answer.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(EgressError);
  return error as EgressError;
}

const hangUp = async (): Promise<void> => {
  const [request] = (await once(server, 'request')) as [IncomingMessage];
  await new Promise((resolve) => request.socket.once('close', resolve));
};

afterEach(async () => {
  server.close().closeAllConnections();
  await pool.destroy();
});

describe(BufferedCall.name, () => {
  it('sends what it is given and returns what comes', async () => {
    await serve(async (request, response) => {
      const { method, url, headers } = request;
      response.writeHead(418, { 'x-many': ['a', 'b'], 'content-type': 'application/json' });
      response.end(JSON.stringify({ method, url, custom: headers['x-custom'], body: await text(request) }));
    });
    const answer = await call({}, { method: 'POST', headers: { 'x-custom': 'c' }, body: 'hällo' });
    expect(answer).toMatchObject({
      status: 418,
      headers: { 'x-many': ['a', 'b'], 'content-type': 'application/json' },
    });
    expect(JSON.parse(answer.body.toString())).toEqual({ method: 'POST', url: '/mcp?a=b', custom: 'c', body: 'hällo' });
  });

  it('waits for the answer behind an early hint', async () => {
    await serve((_, response) => response.writeProcessing() ?? response.writeHead(204).end());
    expect(await call()).toMatchObject({ status: 204, body: Buffer.alloc(0) });
  });

  it('does not decode', async () => {
    const zipped = gzipSync('a'.repeat(5_000));
    await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped));
    expect((await call()).body.equals(zipped)).toBe(true);
  });

  it('takes maxBytes and no byte more', async () => {
    let size = 1_000;
    await serve((_, response) => response.end('x'.repeat(size)));
    expect((await call()).body.length).toBe(1_000);
    size = 1_001;
    expect(await failureOf(call())).toMatchObject({
      reason: 'too_large',
      message: 'The answer of up.example exceeds 1000 bytes',
    });
  });

  it('stops reading an answer that never ends', async () => {
    await serve((_, response) => {
      const more = (): unknown => response.destroyed || response.write('x'.repeat(500), more);
      more();
    });
    const gone = hangUp();
    expect(await failureOf(call())).toMatchObject({ reason: 'too_large' });
    await gone;
  });

  it.each<[string, Listener]>([
    ['no answer', () => {}],
    ['an answer that stalls', (_, response) => response.writeHead(200).write('x')],
    [
      'an answer that drips',
      (_, response) => {
        const drip = setInterval(() => response.write('.'), 10);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ])('gives up on %s and hangs up', async (_, listener) => {
    await serve(listener);
    const gone = hangUp();
    expect(await failureOf(call({ timeoutMs: 80 }))).toMatchObject({
      reason: 'timeout',
      message: 'up.example took longer than 80 ms',
    });
    await gone;
  });

  it('counts the time that a call waits for a connection, and then sends nothing', async () => {
    const paths: (string | undefined)[] = [];
    await serve((request) => paths.push(request.url));
    const [busyEnds, abort] = [new AbortController(), new AbortController()];
    const busy = failureOf(call({ signal: busyEnds.signal }));
    await once(server, 'request');
    expect(await failureOf(call({ timeoutMs: 50 }, { path: '/waits' }))).toMatchObject({ reason: 'timeout' });
    const next = once(server, 'request');
    const last = failureOf(call({ signal: abort.signal }, { path: '/next' }));
    busyEnds.abort();
    await Promise.all([busy, next]);
    abort.abort();
    await last;
    expect(paths).toEqual(['/mcp?a=b', '/next']);
  });

  it('ends at its signal', async () => {
    await serve(() => {});
    const abort = new AbortController();
    const gone = hangUp();
    const failure = failureOf(call({ signal: abort.signal }));
    await once(server, 'request');
    abort.abort();
    expect(await failure).toMatchObject({ reason: 'aborted', message: 'The call to up.example was given up' });
    await gone;
    expect(await failureOf(call({ signal: abort.signal }))).toMatchObject({ reason: 'aborted' });
  });

  it.each<[string, Listener]>([
    ['a connection that breaks', (request) => request.socket.destroy()],
    [
      'a body that breaks',
      (request, response) => response.writeHead(200, { 'content-length': 9 }).write('x', () => request.socket.end()),
    ],
    ['an answer that is not HTTP', (request) => request.socket.end('nonsense\r\n\r\n')],
  ])('reports %s', async (_, listener) => {
    await serve(listener);
    const failure = await failureOf(call());
    expect(failure).toMatchObject({ reason: 'broken', message: expect.stringContaining('up.example') });
    expect(failure.message).not.toContain('127.0.0.1');
  });

  it('reports headers of an answer that are too large', async () => {
    await serve((request) => request.socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`));
    expect(await failureOf(call())).toMatchObject({ reason: 'too_large' });
  });

  it('sends no header that would split', async () => {
    await serve((_, response) => response.end());
    expect(await failureOf(call({}, { headers: { 'x-a': 'b\r\nx-c: d' } }))).toMatchObject({ reason: 'broken' });
  });
});
