import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LRUCache } from 'lru-cache';
import { SessionRepository } from './session.repository.js';
import { SessionSettings } from './session.settings.js';

/** Uses are stored to this precision, and this often, milliseconds. */
const SLICE_MS = 15_000;
/** About 10 MB. */
const MOST_KNOWN = 50_000;
/** What may wait for a database that is down. */
const MOST_UNSAVED = 20_000;
const IDS_PER_STATEMENT = 200;

interface Use {
  at: number;
}

/**
 * When sessions were used last: noted in memory with every request, stored in slices. What is stored is never later than
 * the truth and at most two slices behind, so another replica may call a session idle half a minute early, but never late.
 */
@Injectable()
export class SessionActivity implements BeforeApplicationShutdown {
  readonly #log = new Logger(SessionActivity.name);
  readonly #uses = new LRUCache<string, Use>({ max: MOST_KNOWN });
  readonly #idleMs: number;
  /** The start of the slice in which a session was used last, epoch milliseconds. */
  #unsaved = new Map<string, number>();
  #flushing: Promise<void> | undefined;

  constructor(
    private readonly sessions: SessionRepository,
    settings: SessionSettings,
  ) {
    this.#idleMs = settings.idleMinutes * 60_000;
  }

  /** Notes a use. False when this process can't vouch for the session: it forgot it, or saw it idle too long. */
  touch(id: string): boolean {
    const use = this.#uses.get(id);
    const now = Date.now();
    if (!use || now - use.at >= this.#idleMs) return false;
    this.#save(id, use.at, now);
    use.at = now;
    return true;
  }

  /**
   * Notes a use of a session whose row was read.
   * @returns false, and notes nothing, when neither this process nor the row has seen it used lately
   */
  resume(id: string, stored: Date): boolean {
    const now = Date.now();
    const last = Math.max(stored.getTime(), this.lastUse(id) ?? 0);
    if (now - last >= this.#idleMs) return false;
    this.#save(id, stored.getTime(), now);
    this.#uses.set(id, { at: now });
    return true;
  }

  /** As far as this process knows, epoch milliseconds. */
  lastUse(id: string): number | undefined {
    return this.#uses.peek(id)?.at;
  }

  /** Before this nobody who is still signed in was last seen. */
  get idleSince(): Date {
    return new Date(Date.now() - this.#idleMs);
  }

  /** Stores what was noted; never two at a time. What the database does not take waits for the next one. */
  @Interval(SLICE_MS)
  async flush(): Promise<void> {
    this.#flushing ??= this.#store().finally(() => (this.#flushing = undefined));
    await this.#flushing;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#flushing;
    await this.flush();
  }

  #save(id: string, before: number, now: number): void {
    const slice = now - (now % SLICE_MS);
    // Once for each slice: what comes after the first use in it would store the same.
    if (before < slice) this.#keep(id, slice);
  }

  async #store(): Promise<void> {
    const unsaved = this.#unsaved;
    this.#unsaved = new Map();
    for (const [slice, ids] of bySlice(unsaved)) {
      for (let at = 0; at < ids.length; at += IDS_PER_STATEMENT) {
        const some = ids.slice(at, at + IDS_PER_STATEMENT);
        try {
          await this.sessions.used(some, new Date(slice));
        } catch (error) {
          this.#log.error({ message: 'uses of sessions wait: the database did not take them', error });
          for (const id of some) if (!this.#unsaved.has(id)) this.#keep(id, slice);
        }
      }
    }
  }

  #keep(id: string, slice: number): void {
    if (this.#unsaved.size < MOST_UNSAVED || this.#unsaved.has(id)) this.#unsaved.set(id, slice);
  }
}

/** Ids in the same order everywhere, so that replicas that store at once do not block each other in a circle. */
function bySlice(unsaved: ReadonlyMap<string, number>): Map<number, string[]> {
  const slices = new Map<number, string[]>();
  for (const [id, slice] of unsaved) {
    const ids = slices.get(slice);
    if (ids) ids.push(id);
    else slices.set(slice, [id]);
  }
  for (const ids of slices.values()) ids.sort();
  return slices;
}
