import { expect, vi } from 'vitest';
import { ChangeBus } from '../../src/changes/change-bus.js';
import type { RedisServer } from '../fixtures/redis-server.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { SharedStores } from './shared-stores.js';

/** For what may take as long as it likes. */
const PATIENCE = { timeout: 20_000, interval: 20 };

/** Two replicas with one PostgreSQL and one Redis. */
export class TwoReplicas {
  private constructor(
    readonly a: RunningGateway,
    readonly b: RunningGateway,
    private readonly stores: SharedStores,
  ) {}

  static async start(variables: Readonly<Record<string, string>> = {}): Promise<TwoReplicas> {
    const stores = await SharedStores.start(variables);
    const a = await RunningGateway.start(stores.variables);
    const replicas = new TwoReplicas(a, await RunningGateway.start(stores.variables), stores);
    await replicas.heard(true);
    return replicas;
  }

  get redis(): RedisServer {
    return this.stores.redis;
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
    await this.stores.stop();
  }
}
