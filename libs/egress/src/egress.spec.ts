import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import { Egress, type EgressOptions } from './egress.js';
import { EgressError } from './egress-error.js';
import { toEgressError } from './to-egress-error.js';

type Listener = (...exchange: Parameters<RequestListener>) => unknown;

const rules = { allowLoopback: true, allowPrivate: false, allowedNetworks: [], blockedNetworks: [], blockedHosts: [] };
const get = { method: 'GET', headers: {}, timeoutMs: 5_000, maxBytes: 1_000 } as const;
const open = { method: 'GET', headers: { accept: 'text/event-stream' }, headersTimeoutMs: 1_000 } as const;

let server: Server;
let url: URL;
let sockets: Set<unknown>;
let asked: string[];
let egress: Egress;

const egressWith = (options: Partial<EgressOptions> = {}): Egress =>
  new Egress({
    policy: new AddressPolicy(rules),
    connectTimeoutMs: 2_000,
    connectionsPerOrigin: 1,
    rejectUnauthorized: true,
    lookup: (hostname) => Promise.resolve(asked.push(hostname) ? ['127.0.0.1'] : []),
    ...options,
  });

async function serve(listener: Listener): Promise<void> {
  server = createServer((request, response) => void listener(request, response));
  server.on('connection', (socket) => sockets.add(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = new URL(`http://up.example:${(server.address() as AddressInfo).port}/mcp?a=b`);
}

async function failureOf(answer: Promise<unknown>): Promise<EgressError> {
  const error = await answer.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(EgressError);
  return error as EgressError;
}

beforeEach(() => {
  asked = [];
  sockets = new Set();
  egress = egressWith();
});

afterEach(async () => {
  server.close().closeAllConnections();
  await egress.close();
});

describe(Egress.name, () => {
  it('calls the path and host of the URL', async () => {
    await serve(async (request, response) =>
      response.end(`${request.method} ${request.headers.host} ${request.url} ${await text(request)}`),
    );
    const { body } = await egress.request(url, { ...get, method: 'POST', body: 'hello' });
    expect(body.toString()).toBe(`POST ${url.host} /mcp?a=b hello`);
  });

  it('reuses a connection, which is looked up once', async () => {
    await serve((_, response) => response.end('ok'));
    for (let i = 0; i < 5; i++) expect((await egress.request(url, get)).body.toString()).toBe('ok');
    expect([sockets.size, asked]).toEqual([1, ['up.example']]);
  });

  it('returns a redirect as it is', async () => {
    await serve((_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
    const { status, headers } = await egress.request(url, get);
    expect([status, headers['location']]).toEqual([302, 'http://169.254.169.254/']);
    const { body, ...head } = await egress.stream(url, open);
    expect([head.status, await text(body)]).toEqual([302, '']);
    expect(asked).toEqual(['up.example', 'up.example']);
  });

  it('refuses loopback unless its rule is on, and never reaches it', async () => {
    await serve((_, response) => response.end());
    egress = egressWith({ policy: new AddressPolicy({ ...rules, allowLoopback: false }) });
    for (const host of ['up.example', 'localhost', '127.0.0.1', '[::ffff:127.0.0.1]']) {
      const target = new URL(`http://${host}:${url.port}/`);
      const refusal = { reason: 'address_refused', message: expect.stringContaining('SSRF_ALLOW_LOCALHOST') };
      expect(await failureOf(egress.request(target, get))).toMatchObject(refusal);
      expect(await failureOf(egress.stream(target, open))).toMatchObject(refusal);
    }
    expect(sockets.size).toBe(0);
  });

  it('refuses a name that turns private between two connections', async () => {
    await serve((_, response) => response.writeHead(200, { connection: 'close' }).end());
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    egress = egressWith({ lookup: () => Promise.resolve(answers.shift() ?? []) });
    expect((await egress.request(url, get)).status).toBe(200);
    const failure = await failureOf(egress.request(url, get));
    expect(failure).toMatchObject({ reason: 'address_refused', message: expect.stringContaining('cloud metadata') });
    expect(failure.message).not.toContain('169.254');
  });

  it('looks localhost up like any other name, by the system if nothing else is given', async () => {
    await serve((_, response) => response.end());
    const local = new URL(`http://localhost:${url.port}`);
    expect((await egress.request(local, get)).status).toBe(200);
    expect(asked).toEqual(['localhost']);
    const bySystem = new Egress({
      policy: new AddressPolicy(rules),
      connectTimeoutMs: 2_000,
      connectionsPerOrigin: 1,
      rejectUnauthorized: true,
    });
    expect((await bySystem.request(local, get)).status).toBe(200);
    await bySystem.close();
  });

  it('can insist on https', async () => {
    egress = egressWith({ allowHttp: false });
    expect(await failureOf(egress.request(url, get))).toMatchObject({ reason: 'url_refused' });
    expect(() => egress.dispatcher(url, 'calls')).toThrow(EgressError);
    expect(() => egress.check(url)).toThrow(EgressError);
  });

  it('fails every waiting call when no connection comes about', async () => {
    egress = egressWith({ lookup: () => Promise.resolve(['10.0.0.1']) });
    const failures = await Promise.all(Array.from({ length: 12 }, () => failureOf(egress.request(url, get))));
    expect(failures.filter(({ reason }) => reason === 'address_refused').length).toBe(12);
  });

  it('refuses more calls than may wait', async () => {
    await serve(() => {});
    const aborts = Array.from({ length: 40 }, () => new AbortController());
    const calls = aborts.map(({ signal }) => failureOf(egress.request(url, { ...get, signal })));
    const refused = await Promise.race(calls);
    for (const abort of aborts) abort.abort();
    expect(refused).toMatchObject({
      reason: 'busy',
      message: expect.stringContaining('Too many calls wait'),
    });
    const reasons = (await Promise.all(calls)).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'aborted').length).toBe(17);
  });

  it('keeps streams from holding the connections of calls', async () => {
    await serve((request, response) =>
      request.headers.accept ? response.writeHead(200).write('x') : response.end('ok'),
    );
    const streams = await Promise.all(Array.from({ length: 10 }, () => egress.stream(url, open)));
    expect((await egress.request(url, get)).body.toString()).toBe('ok');
    expect(sockets.size).toBe(11);
    for (const { body } of streams) body.destroy();
  });

  it('serves dispatches of undici, whose errors map', async () => {
    await serve((request, response) => (request.url === '/ok' ? response.end('ok') : request.socket.destroy()));
    const failure = (dispatcher: ReturnType<Egress['dispatcher']>) =>
      dispatcher.request({ path: '/', method: 'GET' }).catch((error: unknown) => toEgressError(error));
    const dispatcher = egress.dispatcher(url, 'calls');
    expect(await (await dispatcher.request({ path: '/ok', method: 'GET' })).body.text()).toBe('ok');
    expect(await failure(dispatcher)).toMatchObject({ reason: 'broken' });
    egress = egressWith({ lookup: () => Promise.resolve(['10.0.0.1']) });
    expect(await failure(egress.dispatcher(url, 'calls'))).toMatchObject({
      reason: 'address_refused',
      message: expect.stringContaining('up.example resolves to a private address'),
    });
  });

  it('closes: calls in flight end, streams are cut, new calls are refused', async () => {
    await serve((request, response) => {
      if (request.headers.accept) response.writeHead(200).write('x');
      else setTimeout(() => response.end('done'), 100);
    });
    const dispatcher = egress.dispatcher(url, 'calls');
    const cut = failureOf(text((await egress.stream(url, open)).body));
    const answer = egress.request(url, get);
    await once(server, 'request');
    const closed = egress.close();
    expect(await failureOf(egress.request(url, get))).toMatchObject({ reason: 'aborted' });
    expect(() => dispatcher.dispatch({ path: '/', method: 'GET' }, {})).toThrow('The gateway is shutting down');
    expect(await cut).toMatchObject({ reason: 'aborted' });
    expect((await answer).body.toString()).toBe('done');
    await closed;
  });
});
