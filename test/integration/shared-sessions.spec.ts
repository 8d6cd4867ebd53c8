import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonOf, RawCaller, whole } from '../e2e/mcp/raw-caller.js';
import { answering, eventOf, RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { errorOf, EventStream, McpClient } from '../e2e/mcp/sessions/mcp-client.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';

const missing = RedisServer.missing;
const NOT_FOUND = [404, -32001];
const ELICIT = { method: 'elicitation/create', params: { message: 'Who?' } };
const isCall = ({ body }: { body: string }): boolean => body.includes('"tools/call"');

describe.skipIf(missing !== undefined)(
  `an MCP session on two replicas${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let token: string;
    const upstreams = {} as Record<'legacy' | 'modern', Awaited<ReturnType<typeof RawUpstream.start>>>;
    const paths = {} as Record<'legacy' | 'modern', string>;
    const open: RawCaller[] = [];

    beforeAll(async () => {
      replicas = await TwoReplicas.start();
      token = await replicas.a.mint('sessions');
      for (const era of ['legacy', 'modern'] as const) {
        upstreams[era] = await RawUpstream.start(era);
        const { id } = await replicas.a.register(era, upstreams[era].url);
        paths[era] = `/servers/${(await replicas.a.serve(id, { tool_naming: 'original' })).id}/mcp`;
        const served = async () => (await callerAt(replicas.b, era).legacy('tools/list')).status;
        await vi.waitFor(async () => expect(await served()).toBe(200), { timeout: 10_000 });
      }
    });
    afterAll(async () => {
      for (const caller of open) caller.close();
      await replicas?.stop();
      for (const upstream of Object.values(upstreams)) await upstream.close();
    });
    beforeEach(() => {
      for (const upstream of Object.values(upstreams)) {
        upstream.script = answering('{"content":[]}');
        upstream.seen.length = 0;
      }
    });

    function callerAt({ url }: RunningGateway, era: 'legacy' | 'modern'): RawCaller {
      const caller = new RawCaller(url + paths[era], token);
      open.push(caller);
      return caller;
    }
    /** One session, spoken of at either replica. */
    async function session(era: 'legacy' | 'modern' = 'legacy'): Promise<readonly [McpClient, McpClient]> {
      const atA = await McpClient.open(callerAt(replicas.a, era), { elicitation: {} });
      return [atA, atA.at(callerAt(replicas.b, era))];
    }

    it('is one, and has one session with the upstream', async () => {
      const [atA, atB] = await session();
      for (const client of [atA, atB, atA, atB]) {
        expect(jsonOf(await client.request('tools/call', { name: 'tool' }))).toHaveProperty('result');
      }
      const ids = new Set(upstreams.legacy.seen.filter(isCall).map(({ headers }) => headers['mcp-session-id']));
      expect(ids.size).toBe(1);
    });

    it('has one session with the upstream when both call it first at once', async () => {
      const [atA, atB] = await session();
      await Promise.all(
        [atA, atB, atA, atB].map((client, id) => client.request('tools/call', { name: 'tool' }, { id })),
      );
      const kept = async () => {
        upstreams.legacy.seen.length = 0;
        await Promise.all([atA, atB].map((client) => client.request('tools/call', { name: 'tool' })));
        return new Set(upstreams.legacy.seen.filter(isCall).map(({ headers }) => headers['mcp-session-id'])).size;
      };
      await vi.waitFor(async () => expect(await kept()).toBe(1), { timeout: 5000 });
    });

    it('ends at both when it is ended at one', async () => {
      const [atA, atB] = await session();
      const stream = new EventStream(await atB.listen());
      expect((await atB.request('ping')).status).toBe(200);
      expect((await atA.end()).status).toBe(204);
      expect(await stream.next()).toBeUndefined();
      expect(errorOf(await atB.request('ping'))).toEqual(NOT_FOUND);
    });

    it('takes at one replica the answer to what was asked at the other', async () => {
      upstreams.legacy.script = async ({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id: 0, ...ELICIT })));
        await upstreams.legacy.until(({ body }) => body.includes('"action"'));
        response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
      };
      const [atA, atB] = await session();
      const stream = new EventStream(await atA.begin('tools/call', { name: 'tool' }, { id: 7 }));
      const { id } = await stream.message();
      expect((await atB.send({ jsonrpc: '2.0', id, result: { action: 'accept' } })).status).toBe(202);
      expect(await stream.message()).toMatchObject({ id: 7, result: {} });
    });

    it('takes it so for an upstream of 2026-07-28, too', async () => {
      upstreams.modern.script = ({ body, response }) => {
        const { id, params } = JSON.parse(body);
        const result = params.inputResponses
          ? { resultType: 'complete', content: [], structuredContent: params.inputResponses }
          : { resultType: 'input_required', inputRequests: { who: ELICIT } };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      };
      const [atA, atB] = await session('modern');
      const stream = new EventStream(await atA.begin('tools/call', { name: 'tool' }, { id: 7 }));
      const { id } = await stream.message();
      expect((await atB.send({ jsonrpc: '2.0', id, result: { action: 'accept' } })).status).toBe(202);
      const answer = await stream.message();
      expect(answer.result.structuredContent).toEqual({ who: { action: 'accept' } });
    });

    it('resumes at one replica what was lost at the other', async () => {
      const [atA, atB] = await session();
      let end: (() => void) | undefined;
      upstreams.legacy.script = ({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf('{"jsonrpc":"2.0","method":"notifications/message","params":{"data":1}}'));
        end = () => response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
      };
      const lost = new EventStream(await atA.begin('tools/call', { name: 'tool' }, { id: 7 }));
      const first = await lost.next();
      await lost.message();
      lost.close();
      const resumed = new EventStream(await atB.listen(first?.id));
      expect(await resumed.message()).toMatchObject({ params: { data: 1 } });
      end?.();
      expect(await resumed.message()).toMatchObject({ id: 7, result: {} });
      expect(await resumed.next()).toBeUndefined();
    });

    it.each([
      ['the other', (): readonly RunningGateway[] => [replicas.a, replicas.b, replicas.a]],
      ['each in turn', (): readonly RunningGateway[] => [replicas.b, replicas.a, replicas.b]],
    ])('parks a call at one whose client comes back to %s', async (_, where) => {
      const [first, second, third] = where().map((replica) => callerAt(replica, 'legacy'));
      const answered = (id: number) =>
        upstreams.legacy.until(({ body }) => body.startsWith(`{"jsonrpc":"2.0","id":${id},"r`));
      upstreams.legacy.script = async ({ id, response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const question of [100, 101]) {
          response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', id: question, ...ELICIT })));
          await answered(question);
        }
        response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":{"content":[]}}`));
      };
      const meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } };
      const call = async (caller: RawCaller | undefined, more: object = {}) =>
        jsonOf(await caller!.modern('tools/call', { name: 'tool', ...more }, { meta })).result;
      const given = ({ inputRequests, requestState }: ReturnType<typeof JSON.parse>) => {
        const inputResponses = Object.fromEntries(Object.keys(inputRequests).map((key) => [key, { action: 'accept' }]));
        return { inputResponses, requestState };
      };
      const asked = await call(first);
      const again = await call(second, given(asked));
      expect(await call(third, given(again))).toEqual({ content: [], resultType: 'complete' });
      expect(upstreams.legacy.seen.filter(isCall)).toHaveLength(1);
    });

    it('knows at both what was said at one', async () => {
      const [atA, atB] = await session();
      await atA.request('tools/call', { name: 'tool' });
      expect((await atB.request('resources/subscribe', { uri: 'raw://one' })).status).toBe(200);
      const second = await McpClient.open(callerAt(replicas.b, 'legacy'));
      expect(errorOf(await whole(await second.listen('A'.repeat(22) + '.0')))).toEqual([400, -32600]);
    });

    it('goes on while Redis is away: lists, and upstreams that know no sessions', async () => {
      const [atA, atB] = await session('modern');
      const stream = new EventStream(await atA.listen());
      await replicas.redis.kill();
      await replicas.heard(false);
      for (const client of [atA, atB]) {
        expect((await client.request('tools/list')).status).toBe(200);
        expect(jsonOf(await client.request('tools/call', { name: 'tool' }))).toHaveProperty('result');
      }
      expect((await atA.request('logging/setLevel', { level: 'error' })).status).toBe(503);
      await replicas.redis.begin();
      await replicas.heard(true);
      expect((await atA.request('logging/setLevel', { level: 'error' })).status).toBe(200);
      expect((await atB.end()).status).toBe(204);
      expect(await stream.next()).toBeUndefined();
    });
  },
);
