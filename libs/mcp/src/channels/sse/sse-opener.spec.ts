import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type Egress, EgressError } from '#libs/egress';
import { loopbackEgress } from '../../../../../test/fixtures/upstreams/loopback-egress.js';
import { listenOnLoopback, type LoopbackServer } from '../../../../../test/fixtures/upstreams/loopback-server.js';
import { Budget } from '../../upstream/budget.js';
import { LegacySession } from '../../upstream/legacy-session.js';
import { ChannelCarrier } from '../channel-carrier.js';
import { SseOpener } from './sse-opener.js';
import { SSE_SCHEMES, sseUrl } from './sse-url.js';

const IDENTITY = { name: 'test', version: '1' };
const WELCOME = { protocolVersion: '2024-11-05', capabilities: {} };
const MAX_BYTES = 10_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe(SseOpener.name, () => {
  const servers: LoopbackServer[] = [];
  const ways: Egress[] = [];
  afterEach(async () => {
    for (const way of ways.splice(0)) await way.close(0);
    for (const server of servers.splice(0)) await server.close();
  });

  /** An old server: what it does with the stream, and with a message. */
  async function serve(
    stream: Handler,
    post: (message: string, stream: ServerResponse, response: ServerResponse) => void = welcome,
  ) {
    const seen: IncomingMessage[] = [];
    let open: ServerResponse | undefined;
    const server = await listenOnLoopback(async (request, response) => {
      seen.push(request);
      if (request.method === 'GET') {
        open = response;
        stream(request, response);
        return;
      }
      const chunks = (await request.toArray()) as Buffer[];
      if (open) post(Buffer.concat(chunks).toString(), open, response);
    });
    servers.push(server);
    return { url: new URL(`${server.origin}/sse`), seen, stream: () => open };
  }

  function open(url: URL, headers = {}, timeoutMs = 4000): Promise<LegacySession> {
    const carried = (egress: Egress) =>
      new ChannelCarrier(new SseOpener(egress, MAX_BYTES), { most: 9, mostPerUpstream: 9, idleMs: 60_000 });
    const egress = loopbackEgress((way) => Object.fromEntries(SSE_SCHEMES.map((scheme) => [scheme, carried(way)])));
    ways.push(egress);
    const target = { id: 'one', url: sseUrl(new URL('#one', url)), headers };
    return LegacySession.open(egress, target, IDENTITY, new Budget({ timeoutMs, maxBytes: 1_000_000 }));
  }

  const budget = (): Budget => new Budget({ timeoutMs: 4000, maxBytes: 1_000_000 });

  it('should speak with an old server, with the credential on each request', async () => {
    const { url, seen, stream } = await serve(naming('/messages?sessionId=1'));
    const session = await open(url, { authorization: 'Bearer canary' });
    expect(session.revision).toBe('2024-11-05');
    expect(await session.request('ping', {}, budget())).toEqual({ got: 'ping' });
    const [get, ...posts] = seen.map(({ method, url: path, headers }) => [
      method,
      path,
      headers.authorization,
      headers['mcp-session-id'],
    ]);
    expect(get).toEqual(['GET', '/sse', 'Bearer canary', undefined]);
    expect(new Set(posts.map(String))).toEqual(new Set(['POST,/messages?sessionId=1,Bearer canary,']));
    const closed = once(stream() as ServerResponse, 'close');
    await session.close();
    await closed;
  });

  it('should fail what waits when the server ends its stream, and be gone', async () => {
    const { url } = await serve(naming('/messages'), (message, stream, response) => {
      if (message.includes('ping')) stream.destroy();
      welcome(message, stream, response);
    });
    const session = await open(url);
    await expect(session.request('ping', {}, budget())).rejects.toMatchObject({ reason: 'closed' });
    await expect(session.request('ping', {}, budget())).rejects.toMatchObject({ reason: 'closed', httpStatus: 404 });
  });

  it('should take a refused message for the end of the session', async () => {
    const { url } = await serve(naming('/messages'), (message, stream, response) => {
      if (message.includes('ping')) response.writeHead(400).end('No transport found');
      else welcome(message, stream, response);
    });
    const session = await open(url);
    await expect(session.request('ping', {}, budget())).rejects.toMatchObject({ reason: 'closed', httpStatus: 404 });
  });

  it.each([
    ['http://127.0.0.1:1/messages'],
    ['https://127.0.0.1/messages'],
    ['//example.com/messages'],
    ['http://[::1'],
    [`/${'x'.repeat(3000)}`],
  ])('should send nothing to the endpoint %s', async (endpoint) => {
    const { url, seen } = await serve(naming(endpoint));
    await expect(open(url)).rejects.toMatchObject({ reason: 'refused', cause: expect.any(EgressError) });
    expect(seen.map(({ method }) => method)).toEqual(['GET']);
  });

  it('should send nothing to an endpoint with a password', async () => {
    const { url, seen } = await serve((request, response) =>
      naming(`http://user:word@${request.headers.host}/messages`)(request, response),
    );
    await expect(open(url)).rejects.toMatchObject({ reason: 'refused' });
    expect(seen).toHaveLength(1);
  });

  it('should stay with the endpoint that was named first', async () => {
    const { url, seen } = await serve((request, response) => {
      naming('/first')(request, response);
      response.write('event: endpoint\ndata: /second\n\n');
    });
    const session = await open(url);
    await session.request('ping', {}, budget());
    expect(seen.slice(1).every((request) => request.url === '/first')).toBe(true);
  });

  it('should not wait for ever for an endpoint', async () => {
    const { url, stream } = await serve(
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n'),
    );
    const opening = open(url, {}, 300);
    await expect(opening).rejects.toMatchObject({ reason: 'timeout' });
    const response = stream();
    if (response && !response.closed) await once(response, 'close');
  });

  it('should not hold an event without an end', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = (): void => {
        while (!response.destroyed && response.write(`data: ${'x'.repeat(1000)}\n`));
        response.once('drain', write);
      };
      write();
    });
    await expect(open(url)).rejects.toMatchObject({ reason: 'too_large' });
  });

  it.each([
    [401, 'auth_required'],
    [404, 'unsupported_transport'],
    [405, 'unsupported_transport'],
    [302, 'unsupported_transport'],
    [503, 'unreachable'],
  ])('should say what %i to the stream means', async (status, reason) => {
    const { url, seen } = await serve((_request, response) =>
      response.writeHead(status, { location: '/elsewhere' }).end(),
    );
    await expect(open(url)).rejects.toMatchObject({ reason });
    expect(seen).toHaveLength(1);
  });

  it('should take nothing for a stream that is none', async () => {
    const { url } = await serve((_request, response) => response.end('<html>'));
    await expect(open(url)).rejects.toMatchObject({ reason: 'unsupported_transport' });
  });

  it('should keep to the address rules', async () => {
    await expect(open(new URL('http://10.0.0.1/sse'))).rejects.toMatchObject({ reason: 'refused' });
  });
});

const naming =
  (endpoint: string): Handler =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: endpoint\r\ndata: ${endpoint}\r\n\r\n`);
  };

function welcome(message: string, stream: ServerResponse, response: ServerResponse): void {
  response.writeHead(202).end('Accepted');
  const { id, method } = JSON.parse(message) as { id?: number; method: string };
  const result = method === 'initialize' ? WELCOME : { got: method };
  if (id !== undefined) stream.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
}
