import { describe, expect, it } from 'vitest';
import { Counters, CountersUnavailableError, type Taken } from './counters.js';
import { MemoryCounters } from './memory-counters.js';
import { RateLimitStorage } from './rate-limit-storage.js';

/** Shared counters whose store can be taken away. */
class FalteringCounters extends Counters {
  away = false;
  broken = false;
  readonly #counters = new MemoryCounters();

  async take(key: string, limit: number, windowMs: number): Promise<Taken> {
    if (this.broken) throw new TypeError('a bug');
    if (this.away) throw new CountersUnavailableError(new Error('away'));
    return this.#counters.take(key, limit, windowMs);
  }

  clear(key: string): Promise<void> {
    return this.#counters.clear(key);
  }
}

describe(RateLimitStorage.name, () => {
  it('says how many hits there were and when the window ends, seconds', async () => {
    const storage = new RateLimitStorage(new MemoryCounters());
    expect(await storage.increment('k', 60_000, 1)).toEqual({
      totalHits: 1,
      timeToExpire: 60,
      isBlocked: false,
      timeToBlockExpire: 0,
    });
    expect(await storage.increment('k', 60_000, 1)).toEqual({
      totalHits: 2,
      timeToExpire: 60,
      isBlocked: true,
      timeToBlockExpire: 60,
    });
  });

  it('goes on counting by itself while the shared counters are away', async () => {
    const counters = new FalteringCounters();
    const storage = new RateLimitStorage(counters);
    const blocked = async (): Promise<boolean> => (await storage.increment('k', 60_000, 1)).isBlocked;
    expect(await blocked()).toBe(false);
    counters.away = true;
    expect([await blocked(), await blocked()]).toEqual([false, true]);
    counters.away = false;
    expect(await blocked()).toBe(true);
  });

  it('hides no other failure', async () => {
    const counters = new FalteringCounters();
    counters.broken = true;
    await expect(new RateLimitStorage(counters).increment('k', 60_000, 1)).rejects.toThrow(TypeError);
  });
});
