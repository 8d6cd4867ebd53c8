import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import { startDualEraUpstream } from '../fixtures/upstreams/dual-era-upstream.js';
import { startEverythingUpstream } from '../fixtures/upstreams/everything-upstream.js';
import { startLegacyUpstream } from '../fixtures/upstreams/legacy-upstream.js';
import type { TestUpstream } from '../fixtures/upstreams/test-upstream.js';
import { UPSTREAM_TOOLS } from '../fixtures/upstreams/upstream-tools.js';

type AnyClient = Client | LegacyClient;
type Connect = (url: string) => Promise<AnyClient>;

const ME = { name: 'fixture-check', version: '1.0.0' };
const TOOL_NAMES = UPSTREAM_TOOLS.map(({ definition }) => definition.name);
const open: { close(): Promise<void> }[] = [];

/** Closed after the test, the last one opened first. */
function closing<Opened extends { close(): Promise<void> }>(opened: Opened): Opened {
  open.unshift(opened);
  return opened;
}

async function v2Client(url: string, mode: 'legacy' | { pin: string }): Promise<Client> {
  const client = closing(new Client(ME, { versionNegotiation: { mode } }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

async function v1Client(url: string): Promise<LegacyClient> {
  const client = closing(new LegacyClient(ME));
  await client.connect(new LegacyTransport(new URL(url)));
  return client;
}

const modern: Connect = (url) => v2Client(url, { pin: '2026-07-28' });

afterEach(async () => {
  for (const opened of open.splice(0)) await opened.close();
});

const PAIRS: [string, (pageSize?: number) => Promise<TestUpstream>, Connect][] = [
  ['dual era, v2 client on 2026-07-28', (pageSize = 50) => startDualEraUpstream({ pageSize }), modern],
  [
    'dual era, v2 client on 2025-11-25',
    (pageSize = 50) => startDualEraUpstream({ pageSize }),
    (url) => v2Client(url, 'legacy'),
  ],
  ['dual era, v1 client', (pageSize = 50) => startDualEraUpstream({ pageSize }), v1Client],
  ['legacy with sessions, v1 client', (pageSize = 50) => startLegacyUpstream({ sessions: true, pageSize }), v1Client],
  [
    'legacy without sessions, v1 client',
    (pageSize = 50) => startLegacyUpstream({ sessions: false, pageSize }),
    v1Client,
  ],
];

describe.each(PAIRS)('%s', (_name, start, connect) => {
  it('lists the tools and calls them', async () => {
    const upstream = closing(await start());
    const client = await connect(upstream.url);
    const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });

    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOL_NAMES);
    expect(await call('echo', { text: 'hi' })).toMatchObject({ content: [{ type: 'text', text: 'hi' }] });
    expect(await call('add', { a: 2, b: 3 })).toMatchObject({ structuredContent: { sum: 5 } });
    expect(await call('get_system_time')).toMatchObject({ content: [{ text: expect.stringMatching(/^20\d\d-/) }] });
    expect(await call('fail')).toMatchObject({ isError: true });
    expect(await call('big', { bytes: 1000 })).toMatchObject({ content: [{ text: 'x'.repeat(1000) }] });
    expect(await call('image')).toMatchObject({ content: [{ type: 'image', mimeType: 'image/png' }] });
    expect(await call('links')).toMatchObject({ content: [{ type: 'resource_link' }, { type: 'resource' }] });
    expect(await call('header_param', { region: 'eu' })).toMatchObject({
      content: [{ text: expect.stringContaining('"region":"eu"') }],
    });
    await expect(call('throw')).rejects.toMatchObject({ code: 4242, data: { hint: 'try another tool' } });
    await expect(call('nothing_like_it')).rejects.toMatchObject({ code: -32602 });
  });

  it('tells the headers that it saw', async () => {
    const upstream = closing(await start());
    const client = await connect(upstream.url);
    expect(await client.callTool({ name: 'whoami' })).toMatchObject({
      content: [{ text: expect.stringContaining('"content-type":"application/json"') }],
    });
    expect(upstream.calls.of('tools/call')).toMatchObject([
      { httpMethod: 'POST', body: { params: { name: 'whoami' } } },
    ]);
  });

  it('reports progress', async () => {
    const upstream = closing(await start());
    const client = await connect(upstream.url);
    const seen: number[] = [];
    const params = { name: 'progress', arguments: { steps: 3 } };
    const onprogress = ({ progress }: { progress: number }) => void seen.push(progress);
    const result =
      client instanceof Client
        ? await client.callTool(params, { onprogress })
        : await client.callTool(params, undefined, { onprogress });
    expect(result).toMatchObject({ content: [{ text: '3 steps done' }] });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('serves resources, prompts and completions', async () => {
    const upstream = closing(await start());
    const client = await connect(upstream.url);
    const ref = { type: 'ref/prompt' as const, name: 'with_arguments' };

    expect((await client.listResources()).resources).toHaveLength(2);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['simple', 'with_arguments']);
    expect(await client.readResource({ uri: 'test://template/7/data' })).toMatchObject({
      contents: [{ text: '{"id":"7"}' }],
    });
    expect(await client.readResource({ uri: 'test://static-binary' })).toMatchObject({
      contents: [{ mimeType: 'image/png', blob: expect.any(String) }],
    });
    await expect(client.readResource({ uri: 'test://nothing' })).rejects.toMatchObject({
      data: { uri: 'test://nothing' },
    });
    expect(await client.getPrompt({ name: 'with_arguments', arguments: { drink: 'tea' } })).toMatchObject({
      messages: [{ content: { text: 'Praise tea in a plain tone.' } }],
    });
    expect(await client.complete({ ref, argument: { name: 'drink', value: 'co' } })).toMatchObject({
      completion: { values: ['cocoa', 'coffee'] },
    });
  });

  it('pages its lists', async () => {
    const upstream = closing(await start(5));
    const client = await connect(upstream.url);
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor });
      names.push(...page.tools.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(names).toEqual(TOOL_NAMES);
    expect(upstream.calls.of('tools/list').length).toBeGreaterThan(1);
    await expect(client.listTools({ cursor: 'made-up' })).rejects.toMatchObject({ code: -32602 });
  });
});

describe('cancellation', () => {
  it.each([
    ['a 2026-07-28 client hangs up', () => startDualEraUpstream(), modern],
    ['a session gets notifications/cancelled', () => startLegacyUpstream({ sessions: true }), v1Client],
  ] satisfies [string, () => Promise<TestUpstream>, Connect][])(
    'is recorded when %s',
    async (_name, start, connect) => {
      const upstream = closing(await start());
      const client = await connect(upstream.url);
      const cancel = new AbortController();
      const params = { name: 'slow', arguments: { ms: 30_000 } };
      const options = { signal: cancel.signal };
      const refused = expect(
        client instanceof Client ? client.callTool(params, options) : client.callTool(params, undefined, options),
      ).rejects.toThrow();

      await upstream.calls.until(({ started }) => started.includes('slow'));
      cancel.abort(new Error('changed my mind'));
      await refused;
      await upstream.calls.until(({ cancelled }) => cancelled.includes('slow'));
      expect(upstream.calls.cancelled).toEqual(['slow']);
    },
  );
});

describe(startLegacyUpstream.name, () => {
  it('opens a session, ends it on DELETE and answers 404 afterwards', async () => {
    const upstream = closing(await startLegacyUpstream({ sessions: true }));
    const client = closing(new LegacyClient(ME));
    const transport = new LegacyTransport(new URL(upstream.url));
    await client.connect(transport);
    expect(upstream.sessions()).toEqual([transport.sessionId]);

    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': transport.sessionId ?? '',
    };
    await transport.terminateSession();
    expect(upstream.sessions()).toEqual([]);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect(await fetch(upstream.url, { method: 'POST', headers, body })).toMatchObject({ status: 404 });
  });
});

describe(startEverythingUpstream.name, () => {
  it('runs the reference server and ends it', async () => {
    const upstream = closing(await startEverythingUpstream());
    const client = await v1Client(upstream.url);
    expect(await client.callTool({ name: 'echo', arguments: { message: 'hi' } })).toMatchObject({
      content: [{ text: 'Echo: hi' }],
    });
    await upstream.close();
    await expect(fetch(upstream.url)).rejects.toThrow();
  });
});
