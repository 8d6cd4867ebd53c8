import type { JsonObject, UpstreamStream } from '#libs/mcp';
import { setTimeout as pause } from 'node:timers/promises';

/** What a stream is opened with, and who hears it. But for `open` nothing may throw. */
export interface StreamEnd {
  /** Undefined where the upstream has no such stream: it is not asked again. */
  open(signal: AbortSignal): Promise<UpstreamStream | undefined>;
  /** What was said before is not known. */
  opened(): void;
  /** False for what says that the upstream will never have anything to say here. */
  heard(message: JsonObject): boolean | void;
  failed(error: unknown): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A stream that lasted so long was in order. */
const SOUND_MS = 10_000;

/** A stream of an upstream that is opened again whenever it ends. */
export class KeptStream {
  #attempt = new AbortController();
  #stopped = false;
  /** Settles when it will not be opened again; never rejects. */
  readonly ended: Promise<void>;

  constructor(private readonly end: StreamEnd) {
    this.ended = this.#run();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#attempt.abort();
    return this.ended;
  }

  /** Lets go of the stream that is open, and opens it anew. */
  again(): void {
    this.#attempt.abort();
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stopped; failures += 1) {
      this.#attempt = new AbortController();
      const from = performance.now();
      if (!(await this.#once(this.#attempt.signal))) return;
      if (performance.now() - from > SOUND_MS) failures = 0;
      await this.#pause(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
    }
  }

  /** Whether to come again. */
  async #once(signal: AbortSignal): Promise<boolean> {
    try {
      const stream = await this.end.open(signal);
      if (!stream) return false;
      if (!signal.aborted) this.end.opened();
      for await (const message of stream) {
        if (signal.aborted) break;
        if (this.end.heard(message) === false) return false;
      }
    } catch (error) {
      if (!signal.aborted) this.end.failed(error);
    }
    return true;
  }

  /** The jitter keeps many from coming back in step. */
  async #pause(longest: number): Promise<void> {
    if (this.#stopped) return;
    this.#attempt = new AbortController();
    const options = { ref: false, signal: this.#attempt.signal };
    await pause(longest * (0.5 + Math.random() / 2), undefined, options).catch(() => undefined);
  }
}
