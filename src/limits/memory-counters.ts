import { Counters, type Taken } from './counters.js';

/** Windows that one space of keys may have open at the same time, about 15 MB. */
const MOST_WINDOWS = 100_000;
/** At most this often the windows that have ended are looked for, milliseconds. */
const SWEEP_MS = 1000;

interface Window {
  used: number;
  readonly endsAt: number;
}

/**
 * Counts of one process. What stands before the first colon of a key is its space. A full space opens no new window, so
 * whoever invents keys shuts out other new keys until windows end, but frees nobody's count, and no other space is touched.
 */
export class MemoryCounters extends Counters {
  readonly #spaces = new Map<string, Space>();

  constructor(private readonly mostWindows: number = MOST_WINDOWS) {
    super();
  }

  async take(key: string, limit: number, windowMs: number, cost = 1): Promise<Taken> {
    return this.#space(key).take(key, limit, windowMs, cost);
  }

  async clear(key: string): Promise<void> {
    this.#space(key).clear(key);
  }

  #space(key: string): Space {
    const name = key.slice(0, Math.max(0, key.indexOf(':')));
    let space = this.#spaces.get(name);
    if (!space) this.#spaces.set(name, (space = new Space(this.mostWindows)));
    return space;
  }
}

class Space {
  readonly #windows = new Map<string, Window>();
  #sweptAt = -Infinity;

  constructor(private readonly most: number) {}

  take(key: string, limit: number, windowMs: number, cost: number): Taken {
    // Not the time of day, which somebody may set back. Whole, because the end of a window less its start must be its length.
    const now = Math.floor(performance.now());
    const known = this.#windows.get(key);
    const running = known && known.endsAt > now ? known : undefined;
    const window = running ?? { used: 0, endsAt: now + windowMs };
    const room = known !== undefined || this.#hasRoom(now);
    const allowed = room && window.used + cost <= limit;
    if (allowed) {
      window.used += cost;
      if (!running) this.#windows.set(key, window);
    }
    const remaining = room ? Math.max(0, limit - window.used) : 0;
    return { allowed, remaining, resetMs: window.endsAt - now };
  }

  clear(key: string): void {
    this.#windows.delete(key);
  }

  #hasRoom(now: number): boolean {
    if (now - this.#sweptAt >= SWEEP_MS) {
      this.#sweptAt = now;
      for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key);
    }
    return this.#windows.size < this.most;
  }
}
