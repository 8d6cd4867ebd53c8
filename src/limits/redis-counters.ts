import type { Redis } from 'ioredis';
import { Counters, CountersUnavailableError, type Taken } from './counters.js';

/** One step for Redis, so that two takes can't both see the last free place. */
const TAKE = `
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local allowed = 0
if used + cost <= limit then
  allowed = 1
  used = redis.call('INCRBY', KEYS[1], cost)
end
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = window
  if allowed == 1 then redis.call('PEXPIRE', KEYS[1], window) end
end
return { allowed, math.max(0, limit - used), left }`;

/** Counts that all replicas share. Windows run by the clock of Redis alone. */
export class RedisCounters extends Counters {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {
    super();
  }

  async take(key: string, limit: number, windowMs: number, cost = 1): Promise<Taken> {
    const answer = await this.#ask(() => this.redis.eval(TAKE, 1, this.#named(key), limit, windowMs, cost));
    const [allowed, remaining, resetMs] = Array.isArray(answer) ? answer.map(Number) : [];
    if (allowed === undefined || remaining === undefined || resetMs === undefined) {
      throw new CountersUnavailableError(new Error('Redis answered something that is no count'));
    }
    return { allowed: allowed === 1, remaining, resetMs };
  }

  async clear(key: string): Promise<void> {
    await this.#ask(() => this.redis.del(this.#named(key)));
  }

  #named(key: string): string {
    return `${this.prefix}count:${key}`;
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      throw new CountersUnavailableError(error);
    }
  }
}
