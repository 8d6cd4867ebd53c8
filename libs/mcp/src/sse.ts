import { createParser, type EventSourceMessage, type ParseError } from 'eventsource-parser';

/** One event of an SSE stream. A priming event has an id and empty data. */
export interface SseEvent {
  readonly data: string;
  readonly id?: string;
  readonly event?: string;
  /** Milliseconds to wait before reconnecting, when the server said so since the event before. */
  readonly retry?: number;
}

/** One event of the stream is larger than the reader's limit; the stream can't be read any further. */
export class SseEventTooLargeError extends Error {
  constructor(readonly maxEventBytes: number) {
    super(`an event of the stream is larger than ${maxEventBytes} bytes`);
    this.name = 'SseEventTooLargeError';
  }
}

/** Cuts one SSE byte stream into events. Chunks may end anywhere, inside a character too. */
export class SseReader {
  readonly #decoder = new TextDecoder();
  readonly #parser;
  readonly #maxEventBytes: number;
  #events: SseEvent[] = [];
  #retry: number | undefined;
  #endedWithCarriageReturn = false;
  #overflowed = false;

  /** @param maxEventBytes UTF-8 bytes of one event's data, at least 1. */
  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
    this.#parser = createParser({
      maxBufferSize: maxEventBytes + 'data: '.length,
      onEvent: (event) => this.#take(event),
      onRetry: (retry) => (this.#retry = retry),
      onError: (error) => this.#note(error),
    });
  }

  /**
   * Events completed by this chunk, often none.
   * @throws SseEventTooLargeError at the first oversized event and on every call after it.
   */
  feed(chunk: Uint8Array): SseEvent[] {
    if (this.#overflowed) throw new SseEventTooLargeError(this.#maxEventBytes);
    this.#events = [];
    this.#parser.feed(this.#lineFeedsOnly(this.#decoder.decode(chunk, { stream: true })));
    if (this.#overflowed) throw new SseEventTooLargeError(this.#maxEventBytes);
    return this.#events;
  }

  /** The parser searches for CR and LF anew on each line, which a hostile stream of CRs turns into quadratic work. */
  #lineFeedsOnly(text: string): string {
    const continued = this.#endedWithCarriageReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#endedWithCarriageReturn = text.endsWith('\r');
    return continued.includes('\r') ? continued.replace(/\r\n?/g, '\n') : continued;
  }

  #take({ data, id, event }: EventSourceMessage): void {
    // The parser's own limit counts characters, and only what it holds between two chunks.
    if (Buffer.byteLength(data) > this.#maxEventBytes) this.#overflowed = true;
    const retry = this.#retry;
    this.#retry = undefined;
    this.#events.push({
      data,
      ...(id !== undefined && { id }),
      ...(event !== undefined && { event }),
      ...(retry !== undefined && { retry }),
    });
  }

  #note(error: ParseError): void {
    if (error.type === 'max-buffer-size-exceeded') this.#overflowed = true;
  }
}

const HEAD = Buffer.from('event: message\ndata: ');
const TAIL = Buffer.from('\n\n');

/**
 * One `message` event around one JSON text. Line breaks in the text (pretty-printed JSON) become several `data` lines.
 * @throws RangeError on a line break in the id, which would forge another field or event.
 */
export function sseFrame(data: string | Buffer, id?: string): Buffer {
  const payload = typeof data === 'string' ? Buffer.from(data) : data;
  const parts = [HEAD, hasLineBreak(payload) ? splitLines(payload) : payload, TAIL];
  if (id === undefined) return Buffer.concat(parts);
  if (/[\r\n\0]/.test(id)) throw new RangeError('the id of an event must be one line');
  return Buffer.concat([Buffer.from(`id: ${id}\n`), ...parts]);
}

function hasLineBreak(bytes: Buffer): boolean {
  return bytes.includes(0x0a) || bytes.includes(0x0d);
}

function splitLines(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString().replace(/\r\n?|\n/g, '\ndata: '));
}
