import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { jsonOf, RawCaller, whole } from '../raw-caller.js';
import { RawGate } from '../raw-gate.js';
import { usageOf } from '../usage-of.js';
import { errorOf, EventStream, McpClient } from './mcp-client.js';

const NOT_FOUND = [404, -32001];

let gate: RawGate;
/** Sees all that the first administrator sees. */
let other: string;

beforeAll(async () => {
  gate = await RawGate.start();
  other = await secondAdministrator(gate.running);
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

describe('a session', () => {
  it('is given at initialize, with an id of visible ASCII', async () => {
    const client = await McpClient.open(gate.at());
    expect(client.opened.status).toBe(200);
    expect(client.sessionId).toMatch(/^[\x21-\x7e]{16,1024}$/);
    expect(client.sessionId).not.toBe((await McpClient.open(gate.at())).sessionId);
    expect((await client.request('ping')).status).toBe(200);
  });

  it('is not given by the plain JSON-RPC door', async () => {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    expect((await gate.at({ path: '/rpc' }).legacy('initialize', params)).headers['mcp-session-id']).toBeUndefined();
  });

  it('is not taken by the plain JSON-RPC door', async () => {
    const client = await McpClient.open(gate.at({ path: '/mcp' }));
    expect((await client.request('ping')).status).toBe(200);
    expect(errorOf(await client.at(gate.at({ path: '/rpc' })).request('ping'))).toEqual(NOT_FOUND);
  });

  it('is not needed', async () => {
    expect((await gate.at().legacy('tools/call', { name: 'tool' })).status).toBe(200);
  });

  it('outlives the token that opened it, in the hands of the same person', async () => {
    const client = await McpClient.open(gate.at());
    const later = client.at(gate.at({ token: await gate.running.mint('later') }));
    expect((await later.request('tools/call', { name: 'tool' })).status).toBe(200);
  });

  it.each(['made-up', 'pc1.00000000.AAAA', 'x'.repeat(9000), ''])('is none that was made up: %.20s', async (id) => {
    const answer = await gate.at().legacy('tools/list', {}, { id: 'mine', headers: { 'mcp-session-id': id } });
    expect(errorOf(answer)).toEqual(NOT_FOUND);
    expect(jsonOf(answer).id).toBe('mine');
  });

  it('is of no use to another, who learns nothing of it, and goes on for its owner', async () => {
    const client = await McpClient.open(gate.at());
    const thief = client.at(gate.at({ token: other }));
    const [stolen, madeUp] = [
      await thief.request('tools/list'),
      await thief.request('tools/list', {}, { headers: { 'mcp-session-id': 'made-up' } }),
    ];
    expect(errorOf(stolen)).toEqual(NOT_FOUND);
    expect(stolen.body).toEqual(madeUp.body);
    expect((await whole(await thief.listen())).status).toBe(404);
    expect((await thief.end()).status).toBe(404);
    expect((await client.request('tools/call', { name: 'tool' })).status).toBe(200);
  });

  it('writes down whose session was tried by whom', async () => {
    const client = await McpClient.open(gate.at());
    const thief = client.at(gate.at({ token: other }));
    await thief.request('tools/list', {}, { headers: { 'x-correlation-id': 'thief' } });
    expect(await usageOf(gate.running, 'thief')).toMatchObject({ block_reason: 'foreign_session' });
  });

  it('is of one endpoint', async () => {
    const client = await McpClient.open(gate.at());
    for (const path of ['/mcp', new URL(gate.callers.modern.endpoint).pathname]) {
      expect(errorOf(await client.at(gate.at({ path })).request('tools/list'))).toEqual(NOT_FOUND);
    }
  });

  it('ends by DELETE, for good', async () => {
    const client = await McpClient.open(gate.at());
    expect((await client.end()).status).toBe(204);
    expect(errorOf(await client.request('tools/list'))).toEqual(NOT_FOUND);
    expect((await whole(await client.listen())).status).toBe(404);
    expect((await client.end()).status).toBe(404);
  });

  it('takes a level of log messages, and says which there are', async () => {
    const client = await McpClient.open(gate.at());
    expect(jsonOf(await client.request('logging/setLevel', { level: 'error' }))).toMatchObject({ result: {} });
    const refused = await client.request('logging/setLevel', { level: 'loud' });
    expect(jsonOf(refused).error).toMatchObject({ code: -32602, message: expect.stringContaining('params.level') });
  });

  it('knows batches where its revision does', async () => {
    const batch = JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'ping' }]);
    const old = await McpClient.open(gate.at(), {}, '2025-03-26');
    expect((await old.caller.post(batch, { 'mcp-session-id': old.sessionId })).status).toBe(200);
    const newer = await McpClient.open(gate.at());
    expect(errorOf(await newer.caller.post(batch, { 'mcp-session-id': newer.sessionId }))).toEqual([400, -32600]);
  });

  it('is not asked for by a request of 2026-07-28', async () => {
    const answer = await gate.at().modern('tools/list', {}, { headers: { 'mcp-session-id': 'made-up' } });
    expect(answer.status).toBe(200);
    expect(answer.headers['mcp-session-id']).toBeUndefined();
  });
});

describe('the stream of a session', () => {
  it('is one at a time, and free again when its client has left', async () => {
    const client = await McpClient.open(gate.at());
    const first = await client.listen();
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    expect(errorOf(await whole(await client.listen()))).toEqual([409, -32000]);
    first.destroy();
    await expect.poll(async () => (await client.listen()).statusCode).toBe(200);
  });

  it('ends with the session', async () => {
    const client = await McpClient.open(gate.at());
    const stream = new EventStream(await client.listen());
    await client.end();
    expect(await stream.next()).toBeUndefined();
  });

  it('ends with the credential that opened it', async () => {
    const client = await McpClient.open(gate.at({ token: await gate.running.mint('short') }));
    const stream = new EventStream(await client.listen());
    const { body } = await gate.running.rest('GET', '/tokens?limit=100');
    const { id } = body.tokens.find(({ name }: { name: string }) => name === 'short');
    await gate.running.rest('DELETE', `/tokens/${id}`);
    expect(await stream.next()).toBeUndefined();
  });

  it.each([
    [405, { 'mcp-session-id': undefined }],
    [406, { accept: 'application/json' }],
  ])('is refused with %i without what it needs', async (status, headers) => {
    const { sessionId } = await McpClient.open(gate.at());
    const all = { accept: 'text/event-stream', 'mcp-session-id': sessionId, ...headers };
    expect((await gate.at().send('GET', undefined, all)).statusCode).toBe(status);
  });

  it('is not for those without a credential', async () => {
    const { sessionId } = await McpClient.open(gate.at());
    const answer = await gate.at({ token: 'nobody' }).send('GET', undefined, { 'mcp-session-id': sessionId });
    expect(answer.statusCode).toBe(401);
  });
});

describe('a gateway that gives no sessions', () => {
  it('answers as if there were none', async () => {
    const plain = await RawGate.start({}, { USE_STATEFUL_SESSIONS: 'false' });
    const caller = plain.callers.legacy;
    const client = await McpClient.open(caller);
    expect(client.opened.headers['mcp-session-id']).toBeUndefined();
    expect((await caller.legacy('tools/list')).status).toBe(200);
    const named = await caller.legacy('tools/list', {}, { headers: { 'mcp-session-id': 'x' } });
    expect(errorOf(named)).toEqual(NOT_FOUND);
    expect((await caller.send('GET', undefined, { 'mcp-session-id': 'x' })).statusCode).toBe(405);
    await plain.stop();
  });
});

describe('a gateway that stops', () => {
  it('ends its streams', async () => {
    const stopping = await RunningGateway.start();
    const caller = new RawCaller(`${stopping.url}/mcp`, stopping.session);
    const client = await McpClient.open(caller);
    const stream = await client.listen();
    stream.resume();
    await Promise.all([once(stream, 'end'), stopping.stop()]);
    caller.close();
  });
});
