import { sseFrame } from '#libs/mcp';
import { randomBytes } from 'node:crypto';
import { eventId } from './event-ids.js';
import type { EventLog } from './event-log.js';

const STREAM_BYTES = 16;
/** Longest that a client is told to wait, whatever the upstream says. */
const MOST_RETRY_MS = 30_000;

/** Numbers the events of one answer and keeps them, so that its client may lose the connection. */
export class EventRecorder {
  #at = 0;
  #name: string | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly sessionId: string,
    /** The client takes an event without a message: since 2025-11-25. */
    readonly primes: boolean,
  ) {}

  /** The event that says from where to resume before there is any message. */
  prime(retryMs: number): Buffer {
    this.log.begin(`${this.sessionId}:${this.#stream}`);
    return Buffer.from(`id: ${eventId(this.#stream, 0)}\nretry: ${Math.min(retryMs, MOST_RETRY_MS)}\ndata: \n\n`);
  }

  frame(message: Buffer): Buffer {
    const at = ++this.#at;
    this.log.add(`${this.sessionId}:${this.#stream}`, { at, message: message.toString('utf8') });
    return sseFrame(message, eventId(this.#stream, at));
  }

  /** Most answers are no stream, and need no name. */
  get #stream(): string {
    this.#name ??= randomBytes(STREAM_BYTES).toString('base64url');
    return this.#name;
  }

  end(): void {
    this.log.end(`${this.sessionId}:${this.#stream}`, ++this.#at);
  }
}
