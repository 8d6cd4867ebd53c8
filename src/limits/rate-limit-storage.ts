import { Injectable, Logger } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { Counters, CountersUnavailableError, type Taken } from './counters.js';
import { MemoryCounters } from './memory-counters.js';

type Hit = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** The hits of limited routes, in the counters that replicas share; in those of this process while they are away. */
@Injectable()
export class RateLimitStorage implements ThrottlerStorage {
  readonly #log = new Logger(RateLimitStorage.name);
  readonly #own = new MemoryCounters();
  #away = false;

  constructor(private readonly counters: Counters) {}

  /** @param ttl length of the window, milliseconds */
  async increment(key: string, ttl: number, limit: number): Promise<Hit> {
    const { allowed, remaining, resetMs } = await this.#take(`rate:${key}`, limit, ttl);
    const seconds = Math.ceil(resetMs / 1000);
    return {
      totalHits: limit - remaining + (allowed ? 0 : 1),
      timeToExpire: seconds,
      isBlocked: !allowed,
      timeToBlockExpire: allowed ? 0 : seconds,
    };
  }

  async #take(key: string, limit: number, windowMs: number): Promise<Taken> {
    try {
      const taken = await this.counters.take(key, limit, windowMs);
      this.#away = false;
      return taken;
    } catch (error) {
      if (!(error instanceof CountersUnavailableError)) throw error;
      if (!this.#away) this.#log.warn({ message: 'rate limits are counted by each replica alone', error });
      this.#away = true;
      return this.#own.take(key, limit, windowMs);
    }
  }
}
