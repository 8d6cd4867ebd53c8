import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { RawCaller } from '../e2e/mcp/raw-caller.js';
import { answering, eventOf, RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { SseClient } from '../e2e/mcp/sse/sse-client.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { TwoReplicas } from './two-replicas.js';

const missing = RedisServer.missing;
const PING = { id: 1, method: 'ping' };
const CALL = { id: 7, method: 'tools/call', params: { name: 'tool', _meta: { progressToken: 'p' } } };
const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';
const ASK = '{"jsonrpc":"2.0","id":0,"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}';

describe.skipIf(missing !== undefined)(
  `HTTP+SSE on two replicas${missing ? ` (skipped: ${missing})` : ''}: the stream at one, messages to the other`,
  () => {
    let replicas: TwoReplicas;
    let token: string;
    let upstream: Awaited<ReturnType<typeof RawUpstream.start>>;
    let path: string;

    beforeAll(async () => {
      replicas = await TwoReplicas.start();
      token = await replicas.a.mint('sse');
      upstream = await RawUpstream.start('legacy');
      const { id } = await replicas.a.register('upstream', upstream.url);
      const server = await replicas.a.serve(id, { tool_naming: 'original' });
      path = `/servers/${server.id}/sse`;
      const caller = new RawCaller(`${replicas.b.url}/servers/${server.id}/mcp`, token);
      await vi.waitFor(async () => expect((await caller.legacy('tools/list')).status).toBe(200), { timeout: 10_000 });
      caller.close();
    });
    afterAll(async () => {
      await replicas?.stop();
      await upstream?.close();
    });
    beforeEach(() => {
      upstream.script = answering('{"content":[]}');
      upstream.seen.length = 0;
    });

    /** The session at the replica that has its stream, and at the other. */
    async function session(): Promise<readonly [SseClient, SseClient]> {
      const atA = await SseClient.open({ running: replicas.a, token, path }, { sampling: {} });
      return [atA, atA.at({ running: replicas.b })];
    }

    it('brings answers, and what comes before them, to the stream', async () => {
      const [atA, atB] = await session();
      upstream.script = ({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf(PROGRESS));
        response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
      };
      expect((await atB.send(CALL)).status).toBe(202);
      expect(await atA.stream.message()).toEqual(JSON.parse(PROGRESS));
      expect(await atA.stream.message()).toMatchObject({ id: 7, result: {} });
      for (const client of [atB, atA, atB]) expect(await client.request('ping')).toMatchObject({ result: {} });
      atA.close();
    });

    it('opens at one what was opened at the other', async () => {
      const atA = await SseClient.open({ running: replicas.a, token, path });
      const atB = atA.at({ running: replicas.b });
      const params = {
        protocolVersion: '2025-06-18',
        capabilities: { sampling: {} },
        clientInfo: { name: 'x', version: '1' },
      };
      expect(await atB.request('initialize', params)).toMatchObject({ result: { protocolVersion: '2025-06-18' } });
      expect(await atA.request('initialize', params)).toMatchObject({ error: { code: -32600 } });
      await atA.send(CALL);
      await atA.stream.message();
      expect(upstream.opened.at(-1)?.params.capabilities).toEqual({ sampling: {} });
      atA.close();
    });

    it('keeps the order of what one call says', async () => {
      const [atA, atB] = await session();
      const count = 200;
      upstream.script = ({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (let at = 0; at < count; at += 1)
          response.write(eventOf(PROGRESS.replace('"progress":1', `"progress":${at}`)));
        response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
      };
      await atB.send(CALL);
      for (let at = 0; at < count; at += 1) {
        expect(await atA.stream.message()).toMatchObject({ params: { progress: at } });
      }
      expect(await atA.stream.message()).toMatchObject({ id: 7 });
      atA.close();
    });

    it('ends at both, with the calls at both, when the client leaves', async () => {
      const [atA, atB] = await session();
      upstream.script = ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf(PROGRESS));
      };
      await atB.send(CALL);
      await atA.stream.message();
      atA.close();
      await upstream.until(({ body }) => body.includes('notifications/cancelled'));
      await expect.poll(async () => (await atB.send(PING)).status).toBe(404);
    });

    it('serves the official client', async () => {
      upstream.script = async ({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf(ASK));
        const { body } = await upstream.until((seen) => seen.body.includes('"role"'));
        response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":${body}}}`));
      };
      const client = new Client({ name: 'check', version: '1' }, { capabilities: { sampling: {} } });
      client.setRequestHandler(CreateMessageRequestSchema, () => ({
        model: 'none',
        role: 'assistant' as const,
        content: { type: 'text' as const, text: 'Hello' },
      }));
      const toTheOther = (url: string | URL, init?: RequestInit) =>
        fetch(init?.method === 'POST' ? String(url).replace(replicas.a.url, replicas.b.url) : url, init);
      const requestInit = { headers: { Authorization: `Bearer ${token}` } };
      await client.connect(new SSEClientTransport(new URL(replicas.a.url + path), { requestInit, fetch: toTheOther }));
      expect((await client.listTools()).tools).toMatchObject([{ name: 'tool' }]);
      const { structuredContent } = await client.callTool({ name: 'tool' });
      expect(structuredContent).toMatchObject({ result: { content: { text: 'Hello' } } });
      await client.close();
    });

    it('is 503 while it cannot be known who has the stream', async () => {
      const [atA, atB] = await session();
      await replicas.redis.kill();
      await replicas.heard(false);
      expect((await atB.send(PING)).status).toBe(503);
      atA.close();
    });
  },
);
