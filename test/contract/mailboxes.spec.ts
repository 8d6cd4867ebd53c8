import { Redis } from 'ioredis';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing, Sealer } from '#libs/sealing';
import { type GivenAnswers, GivenAnswersUnavailableError } from '../../src/gateway-proxy/bridge/given-answers.js';
import { MemoryGivenAnswers } from '../../src/gateway-proxy/bridge/memory-given-answers.js';
import { RedisGivenAnswers } from '../../src/gateway-proxy/bridge/redis-given-answers.js';
import { RedisServer } from '../fixtures/redis-server.js';

const HOUR = 3_600_000;

/** What every way of answers does. */
function behavesAsAnswers(answers: () => GivenAnswers): void {
  it('has no answer before it is given', async () => {
    expect(await answers().take(randomUUID())).toBeUndefined();
  });

  it('gives each answer once, to one of those who ask', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await answers().give(one, '{"é":1}');
    await answers().give(two, 'two');
    const taken = await Promise.all([answers().take(one), answers().take(one), answers().take(two)]);
    expect(taken.filter((answer) => answer !== undefined).toSorted()).toEqual(['two', '{"é":1}']);
  });
}

describe('MemoryGivenAnswers', () => {
  const answers = new MemoryGivenAnswers(HOUR);
  behavesAsAnswers(() => answers);
});

describe('RedisGivenAnswers', () => {
  let server: RedisServer;
  let redis: Redis;
  let answers: RedisGivenAnswers;
  const sealer = new Sealer(KeyRing.fromSecret(randomBytes(32), 'test'));
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    answers = new RedisGivenAnswers(redis, 'test:', HOUR, sealer);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.kill();
  });
  behavesAsAnswers(() => answers);

  it('keeps nothing that can be read, and nothing that does not expire', async () => {
    await answers.give('one', 'my secret');
    expect(await redis.get('test:mcp-answer:one')).not.toContain('secret');
    expect(await redis.pttl('test:mcp-answer:one')).toBeGreaterThan(HOUR - 60_000);
  });

  it('says when Redis is away', async () => {
    const away = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false });
    const lost = new RedisGivenAnswers(away, 'test:', HOUR, sealer);
    await expect(lost.give('x', 'y')).rejects.toThrow(GivenAnswersUnavailableError);
    await expect(lost.take('x')).rejects.toThrow(GivenAnswersUnavailableError);
    away.disconnect();
  });
});
