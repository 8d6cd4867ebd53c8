import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import { Egress } from './egress.js';
import { egressFetch } from './egress-fetch.js';

const OPEN = { allowLoopback: true, allowPrivate: false, allowedNetworks: [], blockedNetworks: [], blockedHosts: [] };

describe(egressFetch.name, () => {
  const servers: Server[] = [];
  const egress = new Egress({
    policy: new AddressPolicy(OPEN),
    connectTimeoutMs: 2_000,
    connectionsPerOrigin: 2,
    rejectUnauthorized: true,
  });
  const fetchOut = egressFetch(egress, { timeoutMs: 5_000, maxBytes: 1_000 });
  afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()));

  async function serve(listener: (...exchange: Parameters<RequestListener>) => unknown): Promise<string> {
    const server = createServer((request, response) => void listener(request, response));
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?a=b`;
  }

  it('sends what it is given, and answers with what comes', async () => {
    const url = await serve(async (request, response) => {
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'content-type': 'application/json' });
      response.end(JSON.stringify([request.method, request.url, request.headers['x-a'], await text(request)]));
    });
    const answer = await fetchOut(url, {
      method: 'POST',
      headers: { 'X-A': 'é' },
      body: new URLSearchParams({ grant: 'ü' }),
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await answer.json()).toEqual(['POST', '/token?a=b', expect.any(String), 'grant=%C3%BC']);
  });

  it.each([301, 302, 307, 308])('takes a redirect (%i) for an answer', async (status) => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    const answer = await fetchOut(url);
    expect([answer.status, answer.headers.get('location'), calls]).toEqual([status, '/elsewhere', 1]);
  });

  it.each([204, 205, 304])('reads an answer without a body (%i)', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    expect((await fetchOut(new URL(url))).status).toBe(status);
  });

  it('refuses what the egress refuses, bounds the answer, and ends with its signal', async () => {
    await expect(fetchOut('http://169.254.169.254/latest')).rejects.toMatchObject({ reason: 'address_refused' });
    const long = await serve((_, response) => response.end('x'.repeat(1_001)));
    await expect(fetchOut(long)).rejects.toMatchObject({ reason: 'too_large' });
    const silent = await serve(() => {});
    const call = fetchOut(silent, { signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toMatchObject({ reason: 'aborted' });
  });
});
