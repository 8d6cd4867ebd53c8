import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ListChanges } from '../../../../src/gateway-proxy/notifications/list-changes.js';
import { ResourceUpdates } from '../../../../src/gateway-proxy/notifications/resource-updates.js';
import { StandaloneStreams } from '../../../../src/gateway-proxy/sessions/standalone-streams.js';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { jsonOf, modernMessage, RawCaller } from '../raw-caller.js';
import { EventStream, McpClient } from '../sessions/mcp-client.js';
import { ChangingUpstream } from '../../../fixtures/upstreams/changing-upstream.js';
import { listen, listening, LISTS_CHANGED, SUBSCRIPTION } from './open-listener.js';

const ONE = 'test://one';
const FILTER = { ...LISTS_CHANGED, resourceSubscriptions: [ONE] };

let running: RunningGateway;
let upstream: Awaited<ReturnType<typeof ChangingUpstream.start>>;
let path: string;
const callers: RawCaller[] = [];
beforeAll(async () => {
  running = await RunningGateway.start({ MCP_SESSION_MAX_SUBSCRIPTIONS: '2' });
  upstream = await ChangingUpstream.start('modern');
  const { id } = await running.register('listened', upstream.url);
  path = `/servers/${(await running.serve(id, { tool_naming: 'original' })).id}/mcp`;
  await upstream.untilFollowed();
});
afterAll(async () => {
  for (const caller of callers) caller.close();
  await running.stop();
  await upstream.close();
});

function at(where = path, token = running.session): RawCaller {
  const caller = new RawCaller(running.url + where, token);
  callers.push(caller);
  return caller;
}

async function tokenOf(name: string, scope: object = {}) {
  const token = await running.mint(name, scope);
  const { body } = await running.rest('GET', '/tokens?limit=100');
  const { id } = body.tokens.find((row: { name: string }) => row.name === name);
  return { token, revoke: () => running.rest('DELETE', `/tokens/${id}`) };
}

describe('subscriptions/listen', () => {
  it.each([['text'], [7], [0], ['7']])('names itself in every message by its id as it was sent: %j', async (id) => {
    const { stream, acknowledged } = await listen(at(), FILTER, id);
    expect(stream.answer.headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    expect(acknowledged).toEqual({ notifications: FILTER, _meta: { [SUBSCRIPTION]: id } });
    await expect.poll(() => upstream.streams).toBe(2);
    await upstream.told.updated(ONE);
    expect(await stream.message()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/resources/updated',
      params: { uri: ONE, _meta: { [SUBSCRIPTION]: id } },
    });
    stream.close();
    await expect.poll(() => upstream.streams).toBe(1);
  });

  it.each([
    ['params.notifications must', undefined],
    ['params.notifications must', []],
    ['params.notifications.toolsListChanged', { toolsListChanged: 'yes' }],
    ['params.notifications.resourceSubscriptions', { resourceSubscriptions: ONE }],
    ['params.notifications.resourceSubscriptions', { resourceSubscriptions: [1] }],
    ['params.notifications.resourceSubscriptions', { resourceSubscriptions: ['x'.repeat(2049)] }],
    ['MCP_SESSION_MAX_SUBSCRIPTIONS', { resourceSubscriptions: ['a:1', 'a:2', 'a:3'] }],
  ])('is refused with what is wrong: %s', async (text, notifications) => {
    const answer = await at().modern('subscriptions/listen', { notifications });
    expect(answer.status).toBe(200);
    expect(jsonOf(answer).error).toMatchObject({ code: -32602, message: expect.stringContaining(text) });
  });

  it('is answered with a stream or not at all', async () => {
    const answer = await at().modern(
      'subscriptions/listen',
      { notifications: FILTER },
      { headers: { accept: 'application/json' } },
    );
    expect(answer.status).toBe(406);
    expect((await at('/rpc').modern('subscriptions/listen', { notifications: FILTER })).status).toBe(406);
  });

  it('honours no resource that its caller may not read, or that is none', async () => {
    const { stream, acknowledged } = await listen(at(), { ...FILTER, resourceSubscriptions: [ONE, 'test://none'] });
    expect(acknowledged.notifications.resourceSubscriptions).toEqual([ONE]);
    stream.close();
    const { token } = await tokenOf('no resources', { permissions: ['servers.use', 'tools.read'] });
    const narrow = await listen(at(path, token), FILTER);
    expect(narrow.acknowledged.notifications).toEqual({ toolsListChanged: true });
    narrow.stream.close();
  });

  it('is complete at once where nothing of it can be honoured', async () => {
    const { stream, acknowledged } = await listen(at(), { resourceSubscriptions: ['test://none'] }, 5);
    expect(acknowledged.notifications).toEqual({});
    expect(await stream.message()).toMatchObject({ id: 5, result: { resultType: 'complete' } });
    expect(await stream.next()).toBeUndefined();
  });

  it('ends with an empty result when its token is revoked', async () => {
    const { token, revoke } = await tokenOf('revoked');
    const { stream } = await listen(at(path, token), FILTER, 9);
    await revoke();
    expect(await stream.message()).toMatchObject({
      id: 9,
      result: { resultType: 'complete', _meta: { [SUBSCRIPTION]: 9 } },
    });
    expect(await stream.next()).toBeUndefined();
  });

  it('ends so when its virtual server is gone', async () => {
    const { body: gateways } = await running.rest('GET', '/gateways');
    const server = await running.serve(gateways[0].id);
    const { stream } = await listen(at(`/servers/${server.id}/mcp`), FILTER);
    await running.rest('DELETE', `/servers/${server.id}`);
    expect(await stream.message()).toMatchObject({ id: 'mine', result: { resultType: 'complete' } });
  });

  it('ends so when the gateway stops', async () => {
    const stopping = await RunningGateway.start();
    const caller = new RawCaller(`${stopping.url}/mcp`, stopping.session);
    const { stream } = await listen(caller, LISTS_CHANGED);
    const stopped = stopping.stop();
    expect(await stream.message()).toMatchObject({ id: 'mine', result: { resultType: 'complete' } });
    caller.close();
    await stopped;
  });

  it('has as many streams as a user may', async () => {
    const small = await RunningGateway.start({ MCP_MAX_STREAMS_PER_USER: '1' });
    const caller = new RawCaller(`${small.url}/mcp`, small.session);
    const { stream } = await listen(caller, LISTS_CHANGED);
    const { body, headers } = modernMessage('subscriptions/listen', { notifications: LISTS_CHANGED });
    expect((await caller.open(body, headers)).statusCode).toBe(429);
    stream.close();
    caller.close();
    await small.stop();
  });
});

describe('resources/subscribe', () => {
  it('needs a session, and says so', async () => {
    for (const method of ['resources/subscribe', 'resources/unsubscribe']) {
      for (const where of [path, '/rpc']) {
        const answer = jsonOf(await at(where).legacy(method, { uri: ONE }));
        expect(answer.error).toMatchObject({ code: -32600, message: expect.stringContaining('Mcp-Session-Id') });
      }
    }
  });

  it('answers for what the caller may not see as resources/read does', async () => {
    const client = await McpClient.open(at());
    const uri = 'test://none';
    const [asked, read] = [
      await client.request('resources/subscribe', { uri }),
      await client.request('resources/read', { uri }),
    ];
    expect(jsonOf(asked).error).toEqual(jsonOf(read).error);
  });

  it('is full at some time', async () => {
    upstream.offered.resources.push('test://three');
    await upstream.told.list('resources');
    const client = await McpClient.open(at('/mcp'));
    await expect.poll(async () => (await client.request('resources/list')).body.toString()).toContain('test://three');
    for (const uri of [ONE, 'test://two', ONE]) {
      expect(jsonOf(await client.request('resources/subscribe', { uri })).result).toEqual({});
    }
    const full = () => client.request('resources/subscribe', { uri: 'test://three' });
    expect(jsonOf(await full()).error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('MCP_SESSION_MAX_SUBSCRIPTIONS'),
    });
    await client.request('resources/unsubscribe', { uri: ONE });
    expect(jsonOf(await full()).result).toEqual({});
  });
});

describe('clients that go away without a word', () => {
  it('leave nothing behind', async () => {
    const parts = () =>
      [ListChanges, ResourceUpdates, StandaloneStreams].map(
        (part) => running.gateway.app.get(part, { strict: false }).size,
      );
    expect(parts()).toEqual([0, 0, 0]);
    const streams: EventStream[] = [];
    for (let count = 0; count < 25; count += 1) {
      streams.push((await listen(at(), FILTER)).stream, await listening('legacy', at(), [ONE]));
    }
    expect(parts()).toEqual([1, 1, 50]);
    for (const { answer } of streams) answer.socket.destroy();
    await expect.poll(parts).toEqual([0, 0, 0]);
    await expect.poll(() => upstream.streams).toBe(1);
  });
});

describe('what the gate says that it can do', () => {
  const CAN = {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
  };

  it('is true for whoever can have a stream', async () => {
    expect(jsonOf(await at().modern('server/discover')).result.capabilities).toEqual(CAN);
    expect(jsonOf((await McpClient.open(at())).opened).result.capabilities).toEqual(CAN);
  });

  it('is not said at a door without sessions', async () => {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    const { capabilities } = jsonOf(await at('/rpc').legacy('initialize', params)).result;
    expect(capabilities).toEqual({ tools: {}, prompts: {}, resources: {} });
  });
});
