import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Algorithm,
  ALGORITHMS,
  type Limit,
  type LimitStore,
  LimitsUnavailableError,
} from '../../src/plugins/builtin/rate_limiter/limit-store.js';
import { MemoryLimits } from '../../src/plugins/builtin/rate_limiter/memory-limits.js';
import { RedisLimits } from '../../src/plugins/builtin/rate_limiter/redis-limits.js';
import { rateLimiter } from '../../src/plugins/builtin/rate_limiter/rate-limiter.plugin.js';
import { RateLimiterSettings } from '../../src/plugins/builtin/rate_limiter/rate-limiter.settings.js';
import { PluginContext, RequestState } from '../../src/plugins/plugin-context.js';
import type { PluginServices } from '../../src/plugins/plugin-services.js';
import { FACTS } from '../fixtures/plugins/run-case.js';
import { RedisServer } from '../fixtures/redis-server.js';

const HOUR = 3_600_000;

function behavesAsLimits(storeOf: (algorithm: Algorithm) => LimitStore): void {
  describe.each(ALGORITHMS)('%s', (algorithm) => {
    const limit = (max: number, windowMs = HOUR): Limit => ({ key: randomUUID(), limit: max, windowMs });
    const passed = async (...limits: readonly Limit[]): Promise<boolean> =>
      (await storeOf(algorithm).take(limits)).every(({ free }) => free >= 1);

    it('lets exactly the limit through, however many come at once', async () => {
      const narrow = limit(20);
      const all = await Promise.all(Array.from({ length: 60 }, () => passed(narrow)));
      expect(all.filter(Boolean)).toHaveLength(20);
    });

    it('counts under none of several limits where one has no room', async () => {
      const [wide, narrow] = [limit(2), limit(1)];
      expect([await passed(wide, narrow), await passed(wide, narrow)]).toEqual([true, false]);
      expect([await passed(wide), await passed(wide)]).toEqual([true, false]);
    });

    it('says how many are free, and how long to wait', async () => {
      const two = limit(2);
      const [fresh] = await storeOf(algorithm).take([two]);
      const [used] = await storeOf(algorithm).take([two]);
      const [full] = await storeOf(algorithm).take([two]);
      expect([fresh?.free, used?.free, full?.free]).toEqual([2, 1, 0]);
      expect(full?.waitMs).toBeGreaterThan(HOUR / 2 - 60_000);
      expect(full?.waitMs).toBeLessThanOrEqual(HOUR * 1.01);
    });

    it('has room again after the window', async () => {
      const short = limit(1, 100);
      expect(await passed(short)).toBe(true);
      while (!(await passed(short))) await new Promise(setImmediate);
    });
  });
}

describe(MemoryLimits.name, () => {
  const stores = new Map(ALGORITHMS.map((algorithm) => [algorithm, new MemoryLimits(algorithm)]));
  behavesAsLimits((algorithm) => stores.get(algorithm) ?? new MemoryLimits(algorithm));
});

const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(`${RedisLimits.name}${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: RedisServer;
  let clients: readonly Redis[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
    clients = [0, 1].map(() => new Redis(server.url, { maxRetriesPerRequest: 0, retryStrategy: () => null }));
    for (const client of clients) client.on('error', () => undefined);
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server.kill();
  });

  let turn = 0;
  // In turn those of two replicas.
  const storeOf = (algorithm: Algorithm): LimitStore => {
    const client = clients[turn++ % 2];
    if (!client) throw new Error('not connected');
    return new RedisLimits(client, 'contract:rl', algorithm);
  };
  behavesAsLimits(storeOf);

  it('keeps nothing for ever, and nothing that says who called', async () => {
    const [client] = clients;
    for (const algorithm of ALGORITHMS) await storeOf(algorithm).take([{ key: 'ann', limit: 1, windowMs: HOUR }]);
    const keys = (await client?.keys('contract:rl*')) ?? [];
    expect(keys.length).toBeGreaterThan(2);
    for (const key of keys) {
      expect(key).not.toContain('ann');
      expect(await client?.pttl(key)).toBeGreaterThan(0);
    }
  });

  it('knows its script again after Redis has forgotten it', async () => {
    await clients[0]?.script('FLUSH');
    const [standing] = await storeOf('fixed_window').take([{ key: randomUUID(), limit: 1, windowMs: HOUR }]);
    expect(standing?.free).toBe(1);
  });

  it('are not shared by limiters of two names', async () => {
    const services = { redis: { prefix: `${randomUUID()}:`, commands: clients[0] } } as PluginServices;
    const settings = Object.assign(new RateLimiterSettings(), { by_user: '1/h', backend: 'redis' });
    const said: unknown[] = [];
    for (const name of ['One', 'Other', 'One']) {
      const plugin = await rateLimiter.create(settings, services, name);
      const context = new PluginContext(FACTS, new RequestState(), plugin);
      const payload = { name: 'echo', args: {}, headers: {} };
      said.push((await plugin.hooks.tool_pre_invoke?.(payload, context))?.violation?.code);
    }
    expect(said).toEqual([undefined, undefined, 'RATE_LIMIT']);
  });

  it('says when Redis is away', async () => {
    await server.kill();
    for (const algorithm of ALGORITHMS)
      await expect(storeOf(algorithm).take([{ key: 'a', limit: 1, windowMs: 1000 }])).rejects.toThrow(
        LimitsUnavailableError,
      );
  });
});
