import { LRUCache } from 'lru-cache';
import { EventLog, type LoggedEvent, type LoggedPart, MOST_BYTES, MOST_EVENTS } from './event-log.js';

/** Of all streams, bytes; the ones that were used least recently go first. */
const ALL_BYTES = 64 * 1024 * 1024;
/** What an event costs beside its text. */
const OVERHEAD = 100;

interface Kept {
  readonly events: readonly LoggedEvent[];
  readonly bytes: number;
  /** The first event that is still kept. */
  readonly from: number;
  readonly ended: boolean;
}

/** For one process. */
export class MemoryEventLog extends EventLog {
  readonly #streams: LRUCache<string, Kept>;

  /** @param lifeMs how long a stream is kept after its last event */
  constructor(lifeMs: number) {
    super();
    this.#streams = new LRUCache({ maxSize: ALL_BYTES, ttl: lifeMs, sizeCalculation: ({ bytes }) => bytes + OVERHEAD });
  }

  begin(stream: string): void {
    this.#streams.set(stream, { events: [], bytes: 0, from: 1, ended: false });
  }

  add(stream: string, event: LoggedEvent): void {
    const kept = this.#streams.get(stream) ?? { events: [], bytes: 0, from: event.at, ended: false };
    const events = [...kept.events, event];
    let bytes = kept.bytes + sizeOf(event);
    while (events.length > MOST_EVENTS || bytes > MOST_BYTES) bytes -= sizeOf(events.shift());
    this.#streams.set(stream, { events, bytes, from: events[0]?.at ?? event.at + 1, ended: false });
  }

  end(stream: string, at: number): void {
    const kept = this.#streams.get(stream) ?? { events: [], bytes: 0, from: at };
    this.#streams.set(stream, { ...kept, ended: true });
  }

  async after(stream: string, after: number): Promise<LoggedPart | undefined> {
    const kept = this.#streams.get(stream);
    if (!kept || after < kept.from - 1 || after > (kept.events.at(-1)?.at ?? kept.from - 1)) return undefined;
    return { events: kept.events.filter(({ at }) => at > after), ended: kept.ended };
  }
}

const sizeOf = (event: LoggedEvent | undefined): number =>
  event === undefined ? 0 : Buffer.byteLength(event.message) + OVERHEAD;
