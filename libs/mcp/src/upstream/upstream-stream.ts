import type { Readable } from 'node:stream';
import { isJsonObject, type JsonObject } from '../json-rpc.js';
import { SseReader } from '../sse.js';
import type { UpstreamHttpAnswer } from './upstream-http.js';
import { headerText } from './upstream-http.js';

/** What an upstream says unasked, until one of the two ends it. Fails when the connection does. */
export type UpstreamStream = AsyncIterable<JsonObject>;

/** How a stream is opened; it has no other limit of time. */
export interface StreamOptions {
  /** Until the head of the answer is there, milliseconds. */
  readonly timeoutMs: number;
  /** Ends the stream, whenever. */
  readonly signal: AbortSignal;
}

/** Bytes of one event: notices are small. */
const MOST_OF_EVENT = 256 * 1024;

export function isStream({ status, headers }: Pick<UpstreamHttpAnswer, 'status' | 'headers'>): boolean {
  const type = headerText(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  return status === 200 && type === 'text/event-stream';
}

/** The messages of an SSE body; what is none is passed over. @throws SseEventTooLargeError */
export async function* messagesOf(body: Readable): UpstreamStream & AsyncGenerator<JsonObject> {
  const reader = new SseReader(MOST_OF_EVENT);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    for (const { data } of reader.feed(chunk)) {
      const message = parsed(data);
      if (isJsonObject(message)) yield message;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
