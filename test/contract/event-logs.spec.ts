import { Redis } from 'ioredis';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing, Sealer } from '#libs/sealing';
import { type EventLog, MOST_BYTES, MOST_EVENTS } from '../../src/gateway-proxy/resumption/event-log.js';
import { MemoryEventLog } from '../../src/gateway-proxy/resumption/memory-event-log.js';
import { RedisEventLog } from '../../src/gateway-proxy/resumption/redis-event-log.js';
import { RedisServer } from '../fixtures/redis-server.js';

const HOUR = 3_600_000;

/** What every log of events does. */
function behavesAsLog(log: () => EventLog): void {
  it('knows nothing of a stream that nobody wrote', async () => {
    expect(await log().after(randomUUID(), 0)).toBeUndefined();
  });

  it('gives what came after an event, in order, and says when that was all', async () => {
    const stream = randomUUID();
    log().begin(stream);
    expect(await log().after(stream, 0)).toEqual({ events: [], ended: false });
    for (const at of [1, 2, 3]) log().add(stream, { at, message: `{"é":${at}}` });
    expect(await log().after(stream, 0)).toMatchObject({ events: [{ at: 1 }, { at: 2 }, { at: 3 }], ended: false });
    expect(await log().after(stream, 2)).toEqual({ events: [{ at: 3, message: '{"é":3}' }], ended: false });
    log().end(stream, 4);
    expect(await log().after(stream, 3)).toEqual({ events: [], ended: true });
    expect(await log().after(stream, 9)).toBeUndefined();
  });

  it('keeps a stream that was not begun from its first event on', async () => {
    const stream = randomUUID();
    log().add(stream, { at: 1, message: 'a' });
    log().add(stream, { at: 2, message: 'b' });
    expect(await log().after(stream, 1)).toEqual({ events: [{ at: 2, message: 'b' }], ended: false });
  });

  it('lets go of the oldest beyond the number of events, and says so of what came before', async () => {
    const stream = randomUUID();
    log().begin(stream);
    for (let at = 1; at <= MOST_EVENTS + 10; at++) log().add(stream, { at, message: 'x' });
    expect(await log().after(stream, 5)).toBeUndefined();
    expect((await log().after(stream, MOST_EVENTS))?.events).toHaveLength(10);
  });

  it('lets go of the oldest beyond the number of bytes', async () => {
    const stream = randomUUID();
    const message = randomBytes(MOST_BYTES / 8).toString('hex');
    for (let at = 1; at <= 8; at++) log().add(stream, { at, message });
    expect(await log().after(stream, 1)).toBeUndefined();
    expect((await log().after(stream, 7))?.events).toHaveLength(1);
  });
}

describe('MemoryEventLog', () => {
  const log = new MemoryEventLog(HOUR);
  behavesAsLog(() => log);
});

describe('RedisEventLog', () => {
  let server: RedisServer;
  let redis: Redis;
  let log: RedisEventLog;
  const sealer = new Sealer(KeyRing.fromSecret(randomBytes(32), 'test'));
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    log = new RedisEventLog(redis, 'test:', HOUR, sealer);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.kill();
  });
  behavesAsLog(() => log);

  it('keeps nothing that can be read, and nothing that does not expire', async () => {
    log.add('one', { at: 1, message: 'what a tool said' });
    expect(await log.after('one', 1)).toBeDefined();
    expect(JSON.stringify(await redis.xrange('test:mcp-events:one', '-', '+'))).not.toContain('tool');
    for (const key of await redis.keys('test:*')) expect(await redis.pttl(key)).toBeGreaterThan(HOUR - 60_000);
  });

  it('can resume nothing while Redis is away', async () => {
    const away = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false });
    const lost = new RedisEventLog(away, 'test:', HOUR, sealer);
    lost.add('two', { at: 1, message: 'x' });
    expect(await lost.after('two', 0)).toBeUndefined();
    away.disconnect();
  });
});
