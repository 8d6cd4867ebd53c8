import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Agent, request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROGUE_BEHAVIOURS } from '../fixtures/upstreams/rogue-behaviours.js';
import { startRogueUpstream, type RogueUpstream } from '../fixtures/upstreams/rogue-upstream.js';

const ME = { name: 'fixture-check', version: '1.0.0' };
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

let rogue: RogueUpstream;
let dispatcher: Agent;

beforeEach(async () => {
  rogue = await startRogueUpstream();
  dispatcher = new Agent();
});

afterEach(async () => {
  await dispatcher.destroy();
  await rogue.close();
});

function post(method: string, params: Record<string, unknown> = {}, signal?: AbortSignal) {
  return request(rogue.url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } }),
    ...(signal && { signal }),
  });
}

const call = (name: string, signal?: AbortSignal) => post('tools/call', { name }, signal);

describe(startRogueUpstream.name, () => {
  it.each(['modern', 'both'] as const)('is registered by a 2026-07-28 client (%s)', async (era) => {
    const upstream = await startRogueUpstream({ era });
    const client = new Client(ME, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(new URL(upstream.url)));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(Object.keys(ROGUE_BEHAVIOURS));
    expect(await client.callTool({ name: 'well_behaved' })).toMatchObject({ content: [{ text: 'well_behaved' }] });
    expect((await client.listPrompts()).prompts).toEqual([]);
    expect((await client.listResources()).resources).toEqual([]);
    expect(upstream.calls.of('initialize')).toEqual([]);
    await client.close();
    await upstream.close();
  });

  it('is registered by a 2025-11-25 client, and a client of both eras falls back', async () => {
    const upstream = await startRogueUpstream({ era: 'legacy' });
    const v1 = new LegacyClient(ME);
    const v2 = new Client(ME, { versionNegotiation: { mode: 'auto' } });
    await v1.connect(new LegacyTransport(new URL(upstream.url)));
    await v2.connect(new StreamableHTTPClientTransport(new URL(upstream.url)));
    for (const client of [v1, v2]) {
      expect((await client.listTools()).tools).toHaveLength(Object.keys(ROGUE_BEHAVIOURS).length);
      expect(await client.callTool({ name: 'well_behaved' })).toMatchObject({ content: [{ text: 'well_behaved' }] });
      await client.close();
    }
    expect(upstream.calls.of('tools/call')).toMatchObject(
      [v1, v2].map(() => ({ headers: { 'mcp-session-id': 'rogue-session' } })),
    );
    await upstream.close();
  });

  it('answers what is no JSON-RPC answer', async () => {
    const html = await call('html');
    expect(html.headers['content-type']).toBe('text/html');
    expect(await html.body.text()).toContain('<!doctype html>');
    await expect((await call('broken_json')).body.json()).rejects.toThrow();
    expect(await (await call('wrong_id')).body.json()).toMatchObject({ id: 'somebody-else' });
    expect(await (await call('no_result_type')).body.json()).not.toHaveProperty('result.resultType');
    expect(await (await call('sse_without_result')).body.text()).not.toContain('"result"');
  });

  it('breaks off, stalls and never answers', async () => {
    await expect((await call('half_json_then_close')).body.text()).rejects.toThrow();
    const stalled = await call('headers_then_stall', AbortSignal.timeout(1000));
    expect(stalled.statusCode).toBe(200);
    await expect(stalled.body.text()).rejects.toThrow();
    await expect(call('never_answers', AbortSignal.timeout(100))).rejects.toThrow();
  });

  it.each([
    ['huge_json_with_length', 10],
    ['huge_json_chunked', 10],
    ['huge_sse_event', 5],
  ])('sends too much: %s', async (name, mebibytes) => {
    const { headers, body } = await call(name);
    expect('content-length' in headers).toBe(name !== 'huge_json_chunked');
    expect((await body.text()).length).toBeGreaterThan(mebibytes * 1024 * 1024);
  });

  it.each([
    ['redirect', 307, { location: '/redirected' }],
    ['status_500', 500, {}],
    ['status_401', 401, { 'www-authenticate': 'Bearer realm="rogue"' }],
    ['status_404', 404, {}],
    ['header_mismatch', 400, {}],
    ['unsupported_version', 400, {}],
    ['hostile_headers', 200, { 'set-cookie': 'rogue=1; Path=/', 'mcp-session-id': 'session-of-the-rogue' }],
    ['unasked_gzip', 200, { 'content-encoding': 'gzip' }],
  ])('answers %s with %i', async (name, status, headers) => {
    const response = await call(name);
    expect(response).toMatchObject({ statusCode: status, headers });
    await response.body.dump();
  });

  it('lets any other method misbehave as well', async () => {
    rogue.misbehave('tools/list', 'status_500');
    expect(await post('tools/list')).toMatchObject({ statusCode: 500 });
    rogue.misbehave('tools/list', 'well_behaved');
    expect(await post('tools/list')).toMatchObject({ statusCode: 200 });
  });
});
