import { Redis } from 'ioredis';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing, Sealer } from '#libs/sealing';
import { type Mailbox, MailboxUnavailableError } from '../../src/gateway-proxy/bridge/mailbox.js';
import { MemoryMailbox } from '../../src/gateway-proxy/bridge/memory-mailbox.js';
import { RedisMailbox } from '../../src/gateway-proxy/bridge/redis-mailbox.js';
import { RedisServer } from '../fixtures/redis-server.js';

const HOUR = 3_600_000;

/** What every mailbox does. */
function behavesAsMailbox(mailbox: () => Mailbox): void {
  it('has no message before one is put in', async () => {
    expect(await mailbox().take(randomUUID())).toBeUndefined();
  });

  it('gives each message once, to one of those who ask', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await mailbox().put(one, '{"é":1}');
    await mailbox().put(two, 'two');
    const taken = await Promise.all([mailbox().take(one), mailbox().take(one), mailbox().take(two)]);
    expect(taken.filter((message) => message !== undefined).toSorted()).toEqual(['two', '{"é":1}']);
  });
}

describe('MemoryMailbox', () => {
  const mailbox = new MemoryMailbox(HOUR);
  behavesAsMailbox(() => mailbox);
});

describe('RedisMailbox', () => {
  let server: RedisServer;
  let redis: Redis;
  let mailbox: RedisMailbox;
  const sealer = new Sealer(KeyRing.fromSecret(randomBytes(32), 'test'));
  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    mailbox = new RedisMailbox(redis, 'test:', HOUR, sealer);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.kill();
  });
  behavesAsMailbox(() => mailbox);

  it('keeps nothing that can be read, and nothing that does not expire', async () => {
    await mailbox.put('one', 'my secret');
    expect(await redis.get('test:mcp-mail:one')).not.toContain('secret');
    expect(await redis.pttl('test:mcp-mail:one')).toBeGreaterThan(HOUR - 60_000);
    await mailbox.put('two', 'for now', 60_000);
    expect(await redis.pttl('test:mcp-mail:two')).toBeLessThanOrEqual(60_000);
  });

  it('says when Redis is away', async () => {
    const away = new Redis(server.url, { lazyConnect: true, enableOfflineQueue: false });
    const lost = new RedisMailbox(away, 'test:', HOUR, sealer);
    await expect(lost.put('x', 'y')).rejects.toThrow(MailboxUnavailableError);
    await expect(lost.take('x')).rejects.toThrow(MailboxUnavailableError);
    away.disconnect();
  });
});
