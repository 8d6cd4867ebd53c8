import { randomBytes, randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { RedisServer } from '../fixtures/redis-server.js';
import { type EmptyDatabase, TEST_ENGINES } from './test-engine.js';

const random = (): string => randomBytes(32).toString('base64url');

/** What replicas share: one PostgreSQL, one Redis, the secrets. */
export class SharedStores {
  private constructor(
    readonly redis: RedisServer,
    private readonly database: EmptyDatabase,
    /** The settings of each replica. */
    readonly variables: Readonly<Record<string, string>>,
  ) {}

  static async start(more: Readonly<Record<string, string>> = {}): Promise<SharedStores> {
    const redis = await RedisServer.start();
    const postgres = TEST_ENGINES.find(({ name }) => name === 'PostgreSQL');
    if (!postgres) throw new Error(`no PostgreSQL at ${inject('postgres').url}`);
    const database = await postgres.create();
    return new SharedStores(redis, database, {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      REDIS_KEY_PREFIX: `${randomUUID()}:`,
      JWT_SECRET_KEY: random(),
      AUTH_ENCRYPTION_SECRET: random(),
      ...more,
    });
  }

  async stop(): Promise<void> {
    await this.database.drop();
    await this.redis.kill();
  }
}
