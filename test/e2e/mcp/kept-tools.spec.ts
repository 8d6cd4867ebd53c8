import { once } from 'node:events';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChangeBus } from '../../../src/changes/change-bus.js';
import { CatalogService } from '../../../src/registry/catalog/catalog.service.js';
import { ToolEntity } from '../../../src/registry/items/tool.entity.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { RestService } from '../../fixtures/upstreams/rest-service.js';
import { type AnyClient, CLIENT_KINDS, connectClient } from './official-clients.js';
import { jsonOf, legacyMessage, modernMessage, RawCaller } from './raw-caller.js';
import { usageOf } from './usage-of.js';

const CANARY = 'canary-0c44fe';
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' }, lang: { type: 'string' } },
  required: ['city'],
};
const ANSWERED = { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] };

let running: RunningGateway;
let service: RestService;
let token: string;

const make = async (name: string, more: object = {}): Promise<void> => {
  const tool = { name, url: `${service.origin}/weather/{city}`, inputSchema: SCHEMA, ...more };
  const { status, body } = await running.rest('POST', '/tools', { tool });
  expect([status, body]).toEqual([200, expect.anything()]);
};

/** Past the rules of registration, as a name does that comes to resolve to another address. */
async function moveSecretly(name: string, url: string): Promise<void> {
  const { app } = running.gateway;
  const tools = app.get(DataSource).getRepository(ToolEntity);
  const { id, kept } = await tools.findOneByOrFail({ upstreamName: name });
  await tools.update(id, { kept: { ...kept, url } });
  app.get(ChangeBus).publish({ kind: 'registry_changed' });
  await app.get(CatalogService).refreshed();
}

beforeAll(async () => {
  running = await RunningGateway.start({ REST_TOOL_MAX_RESPONSE_BYTES: '2048' });
  token = await running.mint('kept tools');
  service = await RestService.start();
  const auth = { auth_type: 'bearer', auth_token: CANARY };
  await make('read', {
    ...auth,
    outputSchema: ANSWERED,
    header_mapping: { lang: 'X-Lang' },
    headers: { 'X-From': 'us' },
  });
  await make('write', { ...auth, request_type: 'POST', url: `${service.origin}/write` });
  await make('filtered', { jsonpath_filter: '$.method' });
  await make('quick', { timeout_ms: 200 });
  await make('metadata');
  await moveSecretly('metadata', 'http://169.254.169.254/latest/{city}');
  await make('nowhere', { url: 'http://127.0.0.1:9/{city}' });
});
afterAll(async () => {
  await running.stop();
  await service.close();
});
afterEach(() => service.reset());

const call = async (name: string, args: object = { city: 'Bonn' }) =>
  (await callMcp(`${running.url}/mcp`, token, 'tools/call', { name, arguments: args })).body;

describe.each(CLIENT_KINDS)('%s client', (kind) => {
  let client: AnyClient;
  beforeAll(async () => {
    client = await connectClient(kind, `${running.url}/mcp`, token);
  });
  afterAll(() => client.close());

  it('lists and calls tools that the gateway keeps', async () => {
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'read')).toMatchObject({ inputSchema: SCHEMA, outputSchema: ANSWERED });
    const read = await client.callTool({ name: 'read', arguments: { city: 'Bad Tölz', days: 2, lang: 'de' } });
    expect(read.structuredContent).toEqual({ method: 'GET', url: '/weather/Bad%20T%C3%B6lz?days=2', body: '' });
    expect(read.isError).toBeUndefined();
    expect(service.last.headers).toMatchObject({ authorization: `Bearer ${CANARY}`, 'x-lang': 'de', 'x-from': 'us' });
    await client.callTool({ name: 'write', arguments: { city: 'Bonn', days: 1 } });
    expect(service.last).toMatchObject({ method: 'POST', url: '/write', body: '{"city":"Bonn","days":1}' });
    const failed = await client.callTool({ name: 'read', arguments: { city: '../../admin' } });
    expect(failed).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('city must not lead out') }],
    });
  });
});

describe('a call of a tool that the gateway keeps', () => {
  const told = (text: string) => ({
    result: { isError: true, content: [{ type: 'text', text: expect.stringContaining(text) }] },
  });

  it('says in 2026-07-28 that it is complete, and nothing of it before', async () => {
    const caller = new RawCaller(`${running.url}/mcp`, token);
    const params = { name: 'filtered', arguments: { city: 'Bonn' } };
    const result = { content: [{ type: 'text', text: '"GET"' }] };
    expect(jsonOf(await caller.modern('tools/call', params)).result).toEqual({ ...result, resultType: 'complete' });
    expect(jsonOf(await caller.legacy('tools/call', params)).result).toEqual(result);
    caller.close();
  });

  it('passes no header of the answer on, and no header of the caller', async () => {
    const answer = await callMcp(`${running.url}/mcp`, token, 'tools/call', {
      name: 'read',
      arguments: { city: 'Bonn' },
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('x-internal')).toBeNull();
    expect(Object.keys(service.last.headers).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'host',
      'user-agent',
      'x-from',
    ]);
  });

  it.each<[string, object, string]>([
    ['read', {}, 'the argument "city" is missing'],
    ['read', { city: 1 }, 'must be of type string'],
    ['read', { city: 'Bonn', isAdmin: true }, 'there is no argument "isAdmin"'],
    ['read', { city: '..' }, 'must not lead out'],
    ['read', { city: 'Bonn', lang: 'de\r\nX-Admin: yes' }, 'printable ASCII'],
  ])('is not made: %s %j', async (name, args, text) => {
    expect(await call(name, args)).toMatchObject(told(text));
    expect(service.calls).toEqual([]);
  });

  it.each(['404', '500'])('says that its address answered %s, and no more', async (status) => {
    service.script = (_, response) => {
      response.writeHead(Number(status));
      response.end(`trace with ${CANARY}`);
    };
    const answer = await call('read');
    expect(answer).toMatchObject(told(`HTTP ${status}`));
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });

  it('follows no redirect', async () => {
    service.script = ({ url }, response) => {
      response.writeHead(302, { location: `${service.origin}/elsewhere${url}` });
      response.end();
    };
    expect(await call('read')).toMatchObject(told('redirects are not followed'));
    expect(service.calls).toHaveLength(1);
  });

  it('takes no more than the bytes and the time that it has', async () => {
    service.script = (_, response) => response.end('x'.repeat(4096));
    expect(await call('filtered')).toMatchObject(told('larger than the gateway passes on'));
    service.script = () => undefined;
    expect(await call('quick')).toMatchObject(told('did not answer in time'));
  });

  it('reaches nothing that the gateway may not reach', async () => {
    expect(await call('metadata')).toMatchObject(told('not allowed to reach'));
    expect(await call('nowhere')).toMatchObject(told('can’t be reached'));
  });

  it('ends with its caller', async () => {
    const caller = new RawCaller(`${running.url}/mcp`, token);
    const params = { name: 'read', arguments: { city: 'Bonn' } };
    let closed: Promise<unknown> | undefined;
    service.script = (_, response) => void (closed = once(response, 'close'));
    const arrived = service.next();
    const leaving = new AbortController();
    const { body, headers } = modernMessage('tools/call', params);
    const left = caller.post(body, headers, leaving.signal);
    left.catch(() => undefined);
    await arrived;
    leaving.abort();
    await closed;
    const again = service.next();
    const legacy = legacyMessage('tools/call', params, { id: 7 });
    const answer = caller.post(legacy.body, legacy.headers);
    await again;
    await caller.post('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}');
    expect(jsonOf(await answer)).toMatchObject({ id: 7, error: { data: { reason: 'cancelled' } } });
    caller.close();
  });

  it('ends with the token that it was made with', async () => {
    const { body: minted } = await running.rest('POST', '/tokens', { name: 'short-lived', expires_in_days: 1 });
    service.script = () => undefined;
    const arrived = service.next();
    const answer = callMcp(`${running.url}/mcp`, minted.access_token, 'tools/call', {
      name: 'read',
      arguments: { city: 'Bonn' },
    });
    await arrived;
    await running.rest('DELETE', `/tokens/${minted.token.id}`);
    expect((await answer).body).toMatchObject({ error: { data: { reason: 'token_revoked' } } });
  });

  it('is in the usage log under its name, without a gateway', async () => {
    const { headers } = await callMcp(`${running.url}/mcp`, token, 'tools/call', { name: 'read', arguments: {} });
    const row = await usageOf(running, headers.get('x-correlation-id'));
    expect(row).toMatchObject({
      target: 'read',
      gateway_id: null,
      mcp_method: 'tools/call',
      outcome: 'error',
      block_reason: 'invalid_arguments',
    });
  });
});
