import libsql from 'libsql';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { built, GatewayProcess } from '../../fixtures/gateway-process.js';
import { RawConnection } from '../../fixtures/raw-connection.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import { listenOnLoopback, type LoopbackServer, readJsonBody } from '../../fixtures/upstreams/loopback-server.js';
import { startScriptedUpstream } from '../../fixtures/upstreams/scripted-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { eventsOf, modernMessage, RawCaller, whole } from '../mcp/raw-caller.js';

const CONNECTIONS = 64;
/** Longer than a test may take. */
const ENDLESS_MS = 300_000;

interface Outcome {
  readonly id: string;
  readonly status: number;
  readonly connection: string | undefined;
  /** Whether the connection had carried a call before. */
  readonly reused: boolean;
  readonly body: string;
  /** Node's code for what broke. */
  readonly error: string | undefined;
}

const codeOf = ({ code }: NodeJS.ErrnoException): string | undefined => code;

/** A modern upstream whose one tool answers with a stream: so many drops, so many milliseconds apart, and a result. */
function startDrippingUpstream(drops: number, ms: number): Promise<LoopbackServer> {
  const tools = [{ name: 'drip', inputSchema: { type: 'object' } }];
  const results: Record<string, object> = {
    'server/discover': { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
    'tools/list': { tools },
  };
  return listenOnLoopback(async (incoming, response) => {
    const { id, method } = (await readJsonBody(incoming)) as { id: number; method: string };
    const result = results[method];
    if (result) {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      return;
    }
    const say = (message: object) => response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let progress = 1; progress <= drops; progress += 1) {
      say({ method: 'notifications/progress', params: { progressToken: 1, progress } });
      await pause(ms);
    }
    say({ id, result: { resultType: 'complete', content: [{ type: 'text', text: 'dripped' }] } });
    response.end();
  });
}

describe('the stop of the process', () => {
  let upstream: TestUpstream;
  let folder: string;
  let gateway: GatewayProcess;
  let url: string;
  let agent: Agent;
  let calls = 0;

  beforeAll(async () => {
    await built();
    upstream = await startDualEraUpstream();
  });
  afterAll(() => upstream.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-stop-'));
    agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  });
  afterEach(async () => {
    agent.destroy();
    gateway.kill('SIGKILL');
    await gateway.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(graceSeconds: number, upstreamUrl = upstream.url, more: object = {}): Promise<void> {
    gateway = GatewayProcess.spawn(folder, {
      JWT_SECRET_KEY: SHARED_SECRET,
      AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('base64url'),
      PLATFORM_ADMIN_PASSWORD: 'A test fixture, not a secret',
      SSRF_ALLOW_LOCALHOST: 'true',
      // One user makes all the calls.
      TOOL_RATE_LIMIT: '0',
      TOOL_CONCURRENT_LIMIT: '0',
      // What an upstream takes too long for, the tests do not live to see.
      TOOL_TIMEOUT: String(ENDLESS_MS / 1000),
      SHUTDOWN_GRACE_SECONDS: String(graceSeconds),
    });
    url = await gateway.url();
    const response = await fetch(`${url}/gateways`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${signedToken({ teams: null })}` },
      body: JSON.stringify({ name: 'up', url: upstreamUrl, transport: 'STREAMABLEHTTP', ...more }),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  /** One call of the tool `slow`; settles whatever happens to it. */
  function slow(ms: number, onHead: (response: IncomingMessage) => void = () => undefined): Promise<Outcome> {
    const id = `call-${(calls += 1)}`;
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'up-slow', arguments: { ms } } };
    return new Promise((resolve) => {
      let head: IncomingMessage | undefined;
      let body = '';
      const end = (error?: NodeJS.ErrnoException) =>
        resolve({
          id,
          status: head?.statusCode ?? 0,
          connection: head?.headers.connection,
          reused: outgoing.reusedSocket,
          body,
          error: error?.code,
        });
      const outgoing = request(`${url}/mcp`, {
        method: 'POST',
        agent,
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          'MCP-Protocol-Version': '2025-11-25',
          Authorization: `Bearer ${signedToken({ teams: null, jti: id })}`,
          'X-Correlation-ID': id,
        },
      });
      outgoing.on('error', end).on('response', (response) => {
        head = response;
        onHead(response);
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('error', end).on('end', () => end());
      });
      outgoing.end(JSON.stringify(message));
    });
  }

  /** Calls of the tool `slow` that have come to the upstream, each of so many milliseconds. */
  async function begun(...times: number[]): Promise<Promise<Outcome>[]> {
    const before = upstream.calls.started.length;
    const outcomes = times.map((ms) => slow(ms));
    await upstream.calls.until(({ started }) => started.length === before + times.length);
    return outcomes;
  }

  /** Nobody else gets in. */
  const draining = () =>
    expect.poll(() => RawConnection.to(url).then((taken) => taken.close(), codeOf)).toBe('ECONNREFUSED');

  const rows = (): { correlation_id: string; outcome: string }[] => {
    const database = new libsql(join(folder, 'data', 'portcullis.db'));
    const found = database.prepare('SELECT correlation_id, outcome FROM token_usage_logs').all();
    database.close();
    return found as { correlation_id: string; outcome: string }[];
  };

  it('answers every call it took, turns away the rest, and writes each down', async () => {
    await start(25);
    const outcomes: Outcome[] = [];
    const client = async () => {
      for (;;) {
        const outcome = await slow(60);
        outcomes.push(outcome);
        if (outcome.status !== 200) return;
      }
    };
    const clients = Array.from({ length: CONNECTIONS }, client);
    while (outcomes.length < 4 * CONNECTIONS) await pause(10);
    gateway.kill();
    await Promise.all(clients);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(gateway.errors).toBe('');

    const answered = outcomes.filter(({ status }) => status === 200);
    expect(answered.length).toBeGreaterThanOrEqual(4 * CONNECTIONS);
    for (const { body } of answered) expect(body).toContain('waited 60 ms');
    const others = outcomes.filter(({ status }) => status !== 200);
    const turnedAway = new Set(
      others.map(({ status, connection, reused, error }) =>
        error ? `${reused ? 'reused' : 'fresh'} ${error}` : `${status} ${connection}`,
      ),
    );
    // A fresh connection is reset where the kernel took it and the gateway had gone: refused by another name.
    const fair = new Set(['503 close', 'fresh ECONNREFUSED', 'fresh ECONNRESET']);
    expect([...turnedAway].filter((end) => !fair.has(end))).toEqual([]);
    const written = new Map(rows().map(({ correlation_id, outcome }) => [correlation_id, outcome]));
    expect(answered.filter(({ id }) => written.get(id) !== 'ok')).toEqual([]);
  });

  it('tells those who keep a connection that it is over', async () => {
    await start(25);
    const [late, ready] = await Promise.all([RawConnection.to(url), RawConnection.to(url)]);
    // A connection on which a request has begun is not closed for being idle.
    late.write('POST /mcp HTTP/1.1\r\n');
    ready.write('GET /ready HTTP/1.1\r\n');
    const [inFlight] = await begun(1500);
    gateway.kill();
    await draining();
    const rest = `Host: ${new URL(url).host}\r\nContent-Length: 0\r\n\r\n`;
    late.write(rest);
    ready.write(rest);
    for (const answer of [await late.untilClosed(), await ready.untilClosed()]) {
      expect(answer).toMatch(/^HTTP\/1.1 503 .*^Connection: close\r$/ims);
      expect(answer).toContain('"code":"draining"');
    }
    expect(await inFlight).toMatchObject({ status: 200, connection: 'close' });
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  it('cuts what takes longer than the grace, and still writes it down', async () => {
    await start(2);
    const [endless, brief] = await begun(ENDLESS_MS, 300);
    gateway.kill();
    expect((await brief)?.status).toBe(200);
    expect(await endless).toMatchObject({ status: 0, error: 'ECONNRESET' });
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    const written = new Map(rows().map(({ correlation_id, outcome }) => [correlation_id, outcome]));
    expect(written.get((await brief)?.id ?? '')).toBe('ok');
    expect(written.get((await endless)?.id ?? '')).toBe('aborted');
  });

  it('lets a stream in flight come to its end', async () => {
    const dripping = await startDrippingUpstream(8, 100);
    await start(25, dripping.origin);
    const { body, headers } = modernMessage(
      'tools/call',
      { name: 'up-drip', arguments: {} },
      { meta: { progressToken: 1 } },
    );
    const caller = new RawCaller(`${url}/mcp`, signedToken({ teams: null }));
    const answer = await caller.open(body, headers);
    await once(answer, 'readable');
    gateway.kill();
    const events = eventsOf(await whole(answer));
    expect(events.filter(({ method }) => method === 'notifications/progress')).toHaveLength(8);
    expect(events.at(-1).result.content).toEqual([{ type: 'text', text: 'dripped' }]);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    caller.close();
    await dripping.close();
  });

  it('does not wait for upstreams that say nothing', async () => {
    const mute = await startScriptedUpstream({
      initialize: {
        result: {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: 'mute', version: '1' },
        },
      },
      'tools/list': { result: { tools: [{ name: 'slow', inputSchema: { type: 'object' } }] } },
    });
    await start(1, mute.url, { era: 'legacy' });
    mute.change({ initialize: { headers: { 'content-type': 'application/json' }, ending: 'hang' } });
    const endless = slow(0);
    await mute.calls.until((observed) => observed.of('initialize').length > 1);
    gateway.kill();
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect((await endless).error).toBe('ECONNRESET');
    expect(rows()).toContainEqual({ correlation_id: (await endless).id, outcome: 'aborted' });
    await mute.close();
  });

  it('ends at once at the second signal', async () => {
    await start(ENDLESS_MS / 1000);
    const [endless] = await begun(ENDLESS_MS);
    gateway.kill();
    await draining();
    gateway.kill('SIGINT');
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    expect((await endless)?.error).toBe('ECONNRESET');
  });
});
