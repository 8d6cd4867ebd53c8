import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryMcpSessionStore } from '../../src/gateway-proxy/sessions/memory-mcp-session-store.js';
import {
  type McpSessionStore,
  McpSessionStoreUnavailableError,
} from '../../src/gateway-proxy/sessions/mcp-session-store.js';
import { RedisMcpSessionStore } from '../../src/gateway-proxy/sessions/redis-mcp-session-store.js';
import { RedisServer } from '../fixtures/redis-server.js';

const HOUR = 3_600_000;
const NOTHING = {
  logLevel: undefined,
  subscriptions: [],
  upstreams: new Map(),
  tasks: new Map(),
  opening: undefined,
};

/** What every store of MCP sessions does. */
function behavesAsStore(store: () => McpSessionStore): void {
  it('holds nothing for a session that nothing was said of', async () => {
    expect(await store().read(randomUUID())).toEqual(NOTHING);
  });

  it('holds what a session has come to', async () => {
    const id = randomUUID();
    await store().setLogLevel(id, 'warning');
    await store().setLogLevel(id, 'error');
    expect(await store().subscribe(id, 'test://a', 2)).toBe(true);
    expect(await store().subscribe(id, 'test://b', 2)).toBe(true);
    expect(await store().keepUpstream(id, 'one', 'first')).toBe('first');
    const state = await store().read(id);
    expect(state).toMatchObject({ logLevel: 'error', upstreams: new Map([['one', 'first']]) });
    expect(state === 'ended' ? [] : [...state.subscriptions].toSorted()).toEqual(['test://a', 'test://b']);
    expect(await store().read(randomUUID())).toEqual(NOTHING);
  });

  it('is settled once', async () => {
    const id = randomUUID();
    const openings = (['2024-11-05', '2025-06-18'] as const).map((revision) => ({
      revision,
      capabilities: { sampling: {} },
    }));
    const settled = await Promise.all(openings.map((opening) => store().settle(id, opening)));
    expect(settled.filter(Boolean)).toHaveLength(1);
    expect(await store().read(id)).toEqual({ ...NOTHING, opening: openings[settled.indexOf(true)] });
    await store().end(id);
    for (const opening of openings) await store().settle(id, opening);
    expect(await store().read(id)).toBe('ended');
  });

  it('takes no more subscriptions than a session may have, and one of them once', async () => {
    const id = randomUUID();
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, at) => store().subscribe(id, `test://${at % 10}`, 5)),
    );
    expect(taken.filter(Boolean)).toHaveLength(10);
    expect(await store().read(id)).toMatchObject({ subscriptions: { length: 5 } });
    await store().unsubscribe(id, 'test://0');
    await store().unsubscribe(id, 'test://unknown');
    expect(await store().subscribe(id, 'test://other', 5)).toBe(true);
  });

  it('keeps the first id of a task, and of no more tasks than a session may have', async () => {
    const id = randomUUID();
    const kept = await Promise.all(
      Array.from({ length: 20 }, (_, at) => store().keepTask(id, `task ${at % 10}`, `handle ${at}`, 5)),
    );
    expect(kept.filter(Boolean)).toHaveLength(10);
    const state = await store().read(id);
    const tasks = state === 'ended' ? [] : [...state.tasks];
    expect(tasks).toHaveLength(5);
    for (const [task, handle] of tasks) expect(handle).toBe(task.replace('task', 'handle'));
    expect(state).toMatchObject({ subscriptions: [] });
  });

  it('keeps the first handshake of those that come at once', async () => {
    const id = randomUUID();
    const kept = await Promise.all(['a', 'b', 'c'].map((handshake) => store().keepUpstream(id, 'one', handshake)));
    expect(new Set(kept).size).toBe(1);
    await store().dropUpstream(id, 'one', 'another');
    expect(await store().keepUpstream(id, 'one', 'later')).toBe(kept[0]);
    await store().dropUpstream(id, 'one', kept[0] ?? '');
    expect(await store().keepUpstream(id, 'one', 'later')).toBe('later');
  });

  it('ends a session for good, and says once what it held', async () => {
    const id = randomUUID();
    await store().keepUpstream(id, 'one', 'first');
    const ends = await Promise.all([store().end(id), store().end(id)]);
    expect(ends.filter(({ upstreams }) => upstreams.size > 0)).toHaveLength(1);
    await store().setLogLevel(id, 'error');
    await store().subscribe(id, 'test://a', 2);
    await store().keepUpstream(id, 'one', 'second');
    await store().keepTask(id, 'task', 'handle', 5);
    await store().touch(id);
    expect(await store().read(id)).toBe('ended');
  });

  it('names each idle session once, and none that is used or has ended', async () => {
    const [idle, ended, bare] = [randomUUID(), randomUUID(), randomUUID()];
    await store().setLogLevel(idle, 'info');
    await store().setLogLevel(ended, 'info');
    await store().end(ended);
    await store().touch(bare);
    expect(await store().takeIdle(HOUR)).not.toContain(idle);
    const taken = (await Promise.all([store().takeIdle(-1), store().takeIdle(-1)])).flat();
    expect(taken.filter((id) => id === idle)).toHaveLength(1);
    expect(taken).not.toContain(ended);
    expect(taken).not.toContain(bare);
    await store().touch(idle);
  });
}

describe('MemoryMcpSessionStore', () => {
  const store = new MemoryMcpSessionStore(HOUR);
  behavesAsStore(() => store);
});

describe('RedisMcpSessionStore', () => {
  let server: RedisServer;
  let redis: Redis;
  let store: RedisMcpSessionStore;
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    store = new RedisMcpSessionStore(redis, 'test:', HOUR);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.kill();
  });
  behavesAsStore(() => store);

  it('keeps no session that does not expire', async () => {
    const id = randomUUID();
    await store.setLogLevel(id, 'info');
    expect(await redis.pttl(`test:mcp-session:${id}`)).toBeGreaterThan(HOUR - 60_000);
    await store.end(id);
    expect(await redis.pttl(`test:mcp-session:${id}`)).toBeGreaterThan(HOUR - 60_000);
  });

  it('says when Redis is away', async () => {
    const away = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false });
    const lost = new RedisMcpSessionStore(away, 'test:', HOUR);
    await expect(lost.read('x')).rejects.toThrow(McpSessionStoreUnavailableError);
    await expect(lost.end('x')).rejects.toThrow(McpSessionStoreUnavailableError);
    away.disconnect();
  });
});
