import type { Readable } from 'node:stream';
import type { JsonRpcId } from '../json-rpc.js';
import { SseEventTooLargeError, SseReader } from '../sse.js';
import type { Budget } from './budget.js';
import { type RpcOutcome, rpcOutcome } from './rpc-answer.js';
import { UpstreamError } from './upstream-error.js';

/**
 * Reads a JSON or SSE body up to the response to the request with this id, and leaves the rest: some servers never end
 * their streams. Undefined when the body ends without it.
 */
export async function readOutcome(
  body: Readable,
  contentType: string | undefined,
  id: JsonRpcId,
  budget: Budget,
): Promise<RpcOutcome | undefined> {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  try {
    if (mediaType === 'application/json') return rpcOutcome(parsed(await readAll(body, budget)), id);
    if (mediaType === 'text/event-stream') return await readEvents(body, id, budget);
    return undefined;
  } finally {
    body.destroy();
  }
}

async function readAll(body: Readable, budget: Budget): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    budget.spend(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readEvents(body: Readable, id: JsonRpcId, budget: Budget): Promise<RpcOutcome | undefined> {
  const reader = new SseReader(Math.max(budget.bytesLeft, 1));
  for await (const chunk of body as AsyncIterable<Buffer>) {
    budget.spend(chunk.length);
    for (const { data } of eventsOf(reader, chunk)) {
      const outcome = rpcOutcome(parsed(data), id);
      if (outcome) return outcome;
    }
  }
  return undefined;
}

function eventsOf(reader: SseReader, chunk: Buffer) {
  try {
    return reader.feed(chunk);
  } catch (error) {
    if (!(error instanceof SseEventTooLargeError)) throw error;
    throw new UpstreamError('too_large', 'sent an event with more bytes than allowed', { cause: error });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
