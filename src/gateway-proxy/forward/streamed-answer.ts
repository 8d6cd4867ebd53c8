import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { RequestContext } from '../../http/request-context.js';
import { Answer } from '../../http/answer.js';

/** Who can be told to wait while the client is slow, and that the client has what it asked for. */
export interface FlowControl {
  pause(): void;
  resume(): void;
  answered(): void;
}

export const SSE_HEADERS = Object.freeze({
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  // Proxies such as nginx would otherwise hold events back.
  'X-Accel-Buffering': 'no',
});

const KEEP_ALIVE_MS = 15_000;
const KEEP_ALIVE = Buffer.from(': keep-alive\n\n');

/** An answer that is still coming: bytes go on as they arrive, no faster than the client takes them. */
export class StreamedAnswer extends Answer {
  #response: Writable | undefined;
  #waiting: Buffer[] = [];
  #end: 'open' | 'ended' | 'broken' = 'open';
  #keepAlive: NodeJS.Timeout | undefined;
  #whenOver: (() => void) | undefined;
  #letGo = false;

  constructor(
    private readonly headers: Readonly<Record<string, string>>,
    private readonly flow: FlowControl,
    private readonly context: RequestContext,
  ) {
    super();
  }

  send(response: ServerResponse): void {
    if (!response.destroyed) {
      for (const name in this.headers) response.setHeader(name, this.headers[name] ?? '');
      response.statusCode = 200;
      response.flushHeaders();
      if (this.headers === SSE_HEADERS)
        this.#keepAlive = setInterval(() => void response.write(KEEP_ALIVE), KEEP_ALIVE_MS).unref();
    }
    this.sendTo(response);
  }

  /** The bytes alone, to whatever takes them. */
  sendTo(out: Writable): void {
    this.#response = out;
    if (out.destroyed) {
      this.flow.resume();
      return;
    }
    out.on('drain', () => this.flow.resume());
    out.once('close', () => {
      clearInterval(this.#keepAlive);
      // A legacy client that goes away does not end its call: the rest is heard out and dropped.
      this.flow.resume();
    });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const chunk of waiting) this.push(chunk);
    this.#finish();
  }

  /** The client may leave and come back for the rest; the answer is not over. */
  letGo(): void {
    this.#letGo = true;
    this.#finish();
  }

  /** Calls back once when nothing more comes, also if the client has left long since. */
  whenOver(callback: () => void): void {
    if (this.#end === 'open') this.#whenOver = callback;
    else callback();
  }

  /** After the end there is nobody to push to. */
  push(chunk: Buffer): void {
    if (!this.#response) {
      this.#waiting.push(chunk);
      return;
    }
    this.#keepAlive?.refresh();
    if (this.#response.destroyed || this.#response.writableEnded) return;
    this.context.bytesOut += chunk.length;
    if (!this.#response.write(chunk)) this.flow.pause();
  }

  end(): void {
    if (this.#end === 'open') this.#end = 'ended';
    this.#finish();
  }

  /** The rest will never come; the client must not take what it has for the whole. */
  break(): void {
    this.#end = 'broken';
    this.#finish();
  }

  #finish(): void {
    if (this.#end !== 'open') {
      this.#whenOver?.();
      this.#whenOver = undefined;
    } else if (!this.#letGo) return;
    if (!this.#response) return;
    clearInterval(this.#keepAlive);
    if (this.#end === 'broken') this.#response.destroy();
    else this.#response.end();
  }
}
