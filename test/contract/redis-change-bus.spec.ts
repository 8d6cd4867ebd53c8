import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change } from '../../src/changes/change-bus.js';
import { RedisChangeBus } from '../../src/changes/redis-change-bus.js';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import { RedisSettings } from '../../src/redis/redis.settings.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const REVOKED: Change = { kind: 'token_revoked', jti: 'j-1' };
const ANYTHING: Change = { kind: 'anything_changed' };
const PATIENCE = { timeout: 10_000, interval: 10 };
const missing = RedisServer.missing;

/** What one replica has of it. */
class Replica {
  readonly heard: Change[] = [];

  private constructor(
    readonly bus: RedisChangeBus,
    readonly connections: RedisConnections,
  ) {
    bus.subscribe((change) => this.heard.push(change));
  }

  static async start(url: string, prefix: string): Promise<Replica> {
    const settings = settingsOf(RedisSettings, { REDIS_URL: url, REDIS_KEY_PREFIX: prefix });
    const connections = new RedisConnections(settings);
    const { commands, subscription } = connections;
    if (!commands || !subscription) throw new Error('no Redis is configured');
    const replica = new Replica(new RedisChangeBus(commands, subscription, prefix), connections);
    await connections.onModuleInit();
    replica.bus.onApplicationBootstrap();
    return replica;
  }

  async stop(): Promise<void> {
    await this.bus.beforeApplicationShutdown();
    this.connections.onApplicationShutdown();
  }
}

describe.skipIf(missing !== undefined)(
  `${RedisChangeBus.name}${missing ? ` (skipped: ${missing})` : ''}`,
  { timeout: 30_000 },
  () => {
    let server: RedisServer;
    let prefix: string;
    let stranger: Redis;
    let [a, b]: Replica[] = [];

    beforeAll(async () => {
      server = await RedisServer.start();
    });
    afterAll(() => server.kill());
    beforeEach(async () => {
      prefix = `${randomUUID()}:`;
      stranger = new Redis(server.url);
      stranger.on('error', () => undefined);
      [a, b] = await Promise.all([Replica.start(server.url, prefix), Replica.start(server.url, prefix)]);
      await connected();
    });
    afterEach(async () => {
      stranger.disconnect();
      await Promise.all([a?.stop(), b?.stop()]);
    });

    const both = (): [Replica, Replica] => {
      if (!a || !b) throw new Error('not started');
      return [a, b];
    };
    const state = (): boolean[] => both().map(({ bus }) => bus.connected);
    const connected = (): Promise<void> => vi.waitFor(() => expect(state()).toEqual([true, true]), PATIENCE);
    const disconnected = (): Promise<void> => vi.waitFor(() => expect(state()).toEqual([false, false]), PATIENCE);

    it('is not connected before it hears itself, and tells its caches to forget first', () => {
      const early = new RedisChangeBus(stranger, stranger, prefix);
      expect(early.connected).toBe(false);
      for (const { heard } of both()) expect(heard[0]).toEqual(ANYTHING);
    });

    it('reaches its own listeners at once and once, and those of others within a second', async () => {
      const [one, other] = both();
      one.heard.length = other.heard.length = 0;
      one.bus.publish(REVOKED);
      expect(one.heard).toEqual([REVOKED]);
      await withinASecond(() => expect(other.heard).toEqual([REVOKED]));
      expect(one.heard).toEqual([REVOKED]);
    });

    it('tells the others even when a listener here fails', async () => {
      const [one, other] = both();
      one.bus.subscribe(() => {
        throw new Error('broken cache');
      });
      expect(() => one.bus.publish(REVOKED)).toThrow(AggregateError);
      await vi.waitFor(() => expect(other.heard).toContainEqual(REVOKED), PATIENCE);
    });

    it.each(['nonsense', '{"from":"new","says":"changes","changes":[{"kind":"moon_changed"}]}'])(
      'takes what it does not understand for anything: %s',
      async (text) => {
        for (const { heard } of both()) heard.length = 0;
        await stranger.publish(`${prefix}changes`, text);
        await vi.waitFor(() => expect(both().map(({ heard }) => heard)).toEqual([[ANYTHING], [ANYTHING]]), PATIENCE);
        expect(state()).toEqual([true, true]);
      },
    );

    it('is not connected while Redis is away; then sends what waited, and the others know or forget everything', async () => {
      const [one, other] = both();
      await server.kill();
      await disconnected();
      one.heard.length = other.heard.length = 0;
      one.bus.publish(REVOKED);
      expect(one.bus.waiting).toBe(1);
      // Nothing can be heard, so anything may have changed, again and again.
      await vi.waitFor(() => expect(other.heard).toContainEqual(ANYTHING), PATIENCE);
      const deaf = other.heard.length;
      await server.begin();
      await connected();
      await vi.waitFor(() => expect(one.bus.waiting).toBe(0), PATIENCE);
      // Whoever was back first told nobody; then the other has forgotten everything since, which is as good.
      const since = other.heard.slice(deaf);
      expect(since.some(({ kind }) => kind === REVOKED.kind || kind === ANYTHING.kind)).toBe(true);
    });

    it('notices that Redis says nothing more on an open connection', async () => {
      server.freeze();
      try {
        await disconnected();
      } finally {
        server.thaw();
      }
      await connected();
    });

    it('does not trust its caches while another replica is silent, and does when that one said good-bye', async () => {
      const [one, other] = both();
      await stranger.publish(`${prefix}changes`, '{"from":"third","says":"tick"}');
      await disconnected();
      await stranger.publish(`${prefix}changes`, '{"from":"third","says":"bye"}');
      await connected();
      await other.stop();
      one.heard.length = 0;
      let beats = 0;
      // Six ticks are longer than a silence that is minded.
      await new Promise<void>((resolve, reject) => {
        one.connections.subscription?.on('message', () => {
          if (!one.bus.connected) reject(new Error('it minds one that said good-bye'));
          if ((beats += 1) === 6) resolve();
        });
      });
      expect(one.heard).toEqual([]);
    });
  },
);
