import { Redis } from 'ioredis';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing, Sealer } from '#libs/sealing';
import {
  type StreamQueues,
  StreamQueuesUnavailableError,
  MOST_WAITING,
} from '../../src/gateway-proxy/sse/stream-queues.js';
import { MemoryStreamQueues } from '../../src/gateway-proxy/sse/memory-stream-queues.js';
import { RedisStreamQueues } from '../../src/gateway-proxy/sse/redis-stream-queues.js';
import { RedisServer } from '../fixtures/redis-server.js';

const HOUR = 3_600_000;

/** What every kind of queues does. */
function behavesAsQueues(queues: () => StreamQueues): void {
  const put = (id: string, text: string) => queues().put(id, Buffer.from(text));
  const taken = async (id: string) => (await queues().take(id)).map(String);

  it('takes no message for a queue that is not kept', async () => {
    const id = randomUUID();
    expect(await queues().isKept(id)).toBe(false);
    expect(await put(id, 'x')).toBe(false);
    expect(await taken(id)).toEqual([]);
  });

  it('gives all messages once, in their order, and to their queue alone', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await queues().keep(one);
    await queues().keep(two);
    for (const text of ['a', 'é', 'c']) expect(await put(one, text)).toBe(true);
    await queues().keep(one);
    const all = (await Promise.all([taken(one), taken(one), taken(two)])).flat();
    expect(all).toEqual(['a', 'é', 'c']);
    expect(await put(one, 'later')).toBe(true);
    expect(await taken(one)).toEqual(['later']);
  });

  it('takes no more than may wait, and again when that has been taken', async () => {
    const id = randomUUID();
    await queues().keep(id);
    const large = Buffer.alloc(MOST_WAITING + 1, 'x');
    expect(await queues().put(id, large)).toBe(true);
    expect(await put(id, 'one more')).toBe(false);
    expect((await queues().take(id))[0]).toHaveLength(large.length);
    expect(await put(id, 'one more')).toBe(true);
  });

  it('is gone with what was in it when it is closed', async () => {
    const id = randomUUID();
    await queues().keep(id);
    await put(id, 'x');
    expect(await queues().isKept(id)).toBe(true);
    await queues().close(id);
    expect(await queues().isKept(id)).toBe(false);
    await queues().keep(id);
    expect(await taken(id)).toEqual([]);
  });
}

describe('MemoryStreamQueues', () => {
  const queues = new MemoryStreamQueues(HOUR);
  behavesAsQueues(() => queues);
});

describe('RedisStreamQueues', () => {
  let server: RedisServer;
  let redis: Redis;
  let queues: RedisStreamQueues;
  const sealer = new Sealer(KeyRing.fromSecret(randomBytes(32), 'test'));
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    queues = new RedisStreamQueues(redis, 'test:', HOUR, sealer);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.kill();
  });
  behavesAsQueues(() => queues);

  it('keeps nothing that can be read, and nothing that does not expire', async () => {
    await redis.flushall();
    await queues.keep('one');
    await queues.put('one', Buffer.from('my secret'));
    await queues.take('one');
    await queues.put('one', Buffer.from('my secret'));
    expect(await redis.lrange('test:mcp-stream:one:messages', 0, -1)).not.toContain('secret');
    const keys = await redis.keys('*');
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(HOUR - 60_000);
  });

  it('says when Redis is away', async () => {
    const away = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false });
    const lost = new RedisStreamQueues(away, 'test:', HOUR, sealer);
    const asked = [lost.keep('x'), lost.isKept('x'), lost.put('x', Buffer.from('y')), lost.take('x'), lost.close('x')];
    for (const each of asked) await expect(each).rejects.toThrow(StreamQueuesUnavailableError);
    away.disconnect();
  });
});
