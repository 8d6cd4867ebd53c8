import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Counters, CountersUnavailableError } from '../../src/limits/counters.js';
import { MemoryCounters } from '../../src/limits/memory-counters.js';
import { RedisCounters } from '../../src/limits/redis-counters.js';
import { RedisServer } from '../fixtures/redis-server.js';

const HOUR = 3_600_000;
const newKey = (): string => `test:${randomUUID()}`;

/** What every store of counters does. */
function behavesAsCounters(counters: () => Counters): void {
  it('counts down to the limit and then refuses', async () => {
    const key = newKey();
    const taken = [];
    for (let count = 0; count < 3; count += 1) taken.push(await counters().take(key, 2, HOUR));
    expect(taken.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 1],
      [true, 0],
      [false, 0],
    ]);
    for (const { resetMs } of taken) {
      expect(resetMs).toBeGreaterThan(HOUR - 60_000);
      expect(resetMs).toBeLessThanOrEqual(HOUR);
    }
  });

  it('lets exactly as many through as are free when 50 come at once', async () => {
    const key = newKey();
    await counters().take(key, 30, HOUR, 10);
    const taken = await Promise.all(Array.from({ length: 50 }, () => counters().take(key, 30, HOUR)));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(20);
    expect(Math.min(...taken.map(({ remaining }) => remaining))).toBe(0);
  });

  it('counts nothing for what it refuses, so a smaller one still fits', async () => {
    const key = newKey();
    await counters().take(key, 10, HOUR, 7);
    expect(await counters().take(key, 10, HOUR, 4)).toMatchObject({ allowed: false, remaining: 3 });
    expect(await counters().take(key, 10, HOUR, 3)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('starts no window for what could never fit', async () => {
    const key = newKey();
    expect(await counters().take(key, 1, 50, 2)).toMatchObject({ allowed: false, remaining: 1, resetMs: 50 });
    expect((await counters().take(key, 1, HOUR)).resetMs).toBeGreaterThan(50);
  });

  it('says of a new window the whole of its length, whenever it begins', async () => {
    for (let count = 0; count < 300; count += 1)
      expect((await counters().take(newKey(), 1, 50, 2)).resetMs, `window ${count}`).toBe(50);
  });

  it('frees everything when the window ends, and does not move its end meanwhile', async () => {
    const key = newKey();
    const started = performance.now();
    await counters().take(key, 1, 100);
    let again = await counters().take(key, 1, 100);
    expect(again.resetMs).toBeLessThanOrEqual(100);
    while (!again.allowed) again = await counters().take(key, 1, 100);
    expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  });

  it('forgets a window that is cleared, and no other', async () => {
    const [key, other] = [newKey(), newKey()];
    await Promise.all([key, other].map((one) => counters().take(one, 1, HOUR)));
    await counters().clear(key);
    expect(await counters().take(key, 1, HOUR)).toMatchObject({ allowed: true });
    expect(await counters().take(other, 1, HOUR)).toMatchObject({ allowed: false });
  });

  it('takes a limit as it is now, not as it was when the window began', async () => {
    const key = newKey();
    await counters().take(key, 5, HOUR, 5);
    expect(await counters().take(key, 6, HOUR)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await counters().take(key, 2, HOUR)).toMatchObject({ allowed: false, remaining: 0 });
  });
}

describe(MemoryCounters.name, () => {
  const counters = new MemoryCounters();
  behavesAsCounters(() => counters);

  it('opens no window in a full space, keeps those that run, and leaves other spaces alone', async () => {
    const small = new MemoryCounters(2);
    await small.take('login:a', 1, HOUR);
    await small.take('login:b', 2, HOUR);
    expect(await small.take('login:c', 1, HOUR)).toMatchObject({ allowed: false, remaining: 0 });
    expect(await small.take('login:a', 1, HOUR)).toMatchObject({ allowed: false });
    expect(await small.take('login:b', 2, HOUR)).toMatchObject({ allowed: true });
    expect(await small.take('quota:c', 1, HOUR)).toMatchObject({ allowed: true });
  });

  it('has room again when windows have ended', async () => {
    const small = new MemoryCounters(1);
    await small.take('login:a', 1, 20);
    let other = await small.take('login:b', 1, HOUR);
    expect(other.allowed).toBe(false);
    while (!other.allowed) {
      await new Promise(setImmediate);
      other = await small.take('login:b', 1, HOUR);
    }
  });
});

const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(`${RedisCounters.name}${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: RedisServer;
  const clients: Redis[] = [];
  let counters: readonly [RedisCounters, RedisCounters];

  beforeAll(async () => {
    server = await RedisServer.start();
    const connect = (): RedisCounters => {
      const client = new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null });
      client.on('error', () => undefined);
      clients.push(client);
      return new RedisCounters(client, 'contract:');
    };
    counters = [connect(), connect()];
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server.kill();
  });

  let turn = 0;
  // In turn those of two replicas.
  behavesAsCounters(() => counters[(turn++ % 2) as 0 | 1]);

  it('keeps nothing that does not expire', async () => {
    const [client] = clients;
    await counters[0].take(newKey(), 1, HOUR);
    const keys = (await client?.keys('contract:*')) ?? [];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(await client?.pttl(key)).toBeGreaterThan(0);
  });

  it('says when Redis is away', async () => {
    await server.kill();
    await expect(counters[0].take(newKey(), 1, HOUR)).rejects.toThrow(CountersUnavailableError);
    await expect(counters[1].clear(newKey())).rejects.toThrow(CountersUnavailableError);
  });
});
