import { randomBytes, randomUUID } from 'node:crypto';
import { expect, inject, vi } from 'vitest';
import { ChangeBus } from '../../src/changes/change-bus.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { type EmptyDatabase, TEST_ENGINES } from './test-engine.js';

const random = (): string => randomBytes(32).toString('base64url');
/** For what may take as long as it likes. */
const PATIENCE = { timeout: 20_000, interval: 20 };

/** Two replicas with one PostgreSQL and one Redis. */
export class TwoReplicas {
  private constructor(
    readonly a: RunningGateway,
    readonly b: RunningGateway,
    readonly redis: RedisServer,
    private readonly database: EmptyDatabase,
  ) {}

  static async start(variables: Readonly<Record<string, string>> = {}): Promise<TwoReplicas> {
    const redis = await RedisServer.start();
    const postgres = TEST_ENGINES.find(({ name }) => name === 'PostgreSQL');
    if (!postgres) throw new Error(`no PostgreSQL at ${inject('postgres').url}`);
    const database = await postgres.create();
    const shared = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      REDIS_KEY_PREFIX: `${randomUUID()}:`,
      JWT_SECRET_KEY: random(),
      AUTH_ENCRYPTION_SECRET: random(),
      ...variables,
    };
    const a = await RunningGateway.start(shared);
    const replicas = new TwoReplicas(a, await RunningGateway.start(shared), redis, database);
    await replicas.heard(true);
    return replicas;
  }

  get both(): readonly [RunningGateway, RunningGateway] {
    return [this.a, this.b];
  }

  /** Resolves when both hear each other, or neither does. */
  heard(wanted: boolean): Promise<void> {
    const connected = (): boolean[] => this.both.map(({ gateway }) => gateway.app.get(ChangeBus).connected);
    return vi.waitFor(() => expect(connected()).toEqual([wanted, wanted]), PATIENCE);
  }

  async stop(): Promise<void> {
    await Promise.all([this.a.stop(), this.b.stop()]);
    await this.database.drop();
    await this.redis.kill();
  }
}
