import type { Destination } from '#libs/egress';
import type { JsonObject, JsonRpcId } from '../json-rpc.js';
import type { Budget } from './budget.js';
import { readOutcome } from './read-outcome.js';
import type { RpcAnswer } from './rpc-answer.js';
import { transportError } from './transport-error.js';
import { headerText, type UpstreamHttp, type UpstreamHttpAnswer, type UpstreamHttpRequest } from './upstream-http.js';
import type { StreamOptions } from './upstream-stream.js';

/** One request, complete but for its transport. */
export interface RpcRequest {
  readonly id: JsonRpcId;
  readonly method: string;
  readonly params: JsonObject;
  readonly headers: Record<string, string>;
}

/** A message that is answered by a status alone: a notification (POST) or the end of a session (DELETE). */
export interface OneWayMessage {
  readonly method: 'POST' | 'DELETE';
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
}

/**
 * Sends one request and reads its answer, whatever it says.
 * @throws UpstreamError only where there is no answer: unreachable, timeout, closed, too_large, refused.
 */
export async function exchange(
  http: UpstreamHttp,
  to: Destination,
  request: RpcRequest,
  budget: Budget,
): Promise<RpcAnswer> {
  const { id, method, params, headers } = request;
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
  const answer = await send(http, to, { method: 'POST', headers, body }, budget);
  try {
    const outcome = await readOutcome(answer.body, headerText(answer.headers, 'content-type'), id, budget);
    return { status: answer.status, headers: answer.headers, outcome };
  } catch (error) {
    throw transportError(error, budget);
  }
}

/** @throws UpstreamError like `exchange` */
export async function deliver(
  http: UpstreamHttp,
  to: Destination,
  message: OneWayMessage,
  budget: Budget,
): Promise<RpcAnswer> {
  const { status, headers, body } = await send(http, to, message, budget);
  // An empty body read to its end leaves the connection open for the next request; any other is not worth reading.
  if (headers['content-length'] === '0' || status === 202 || status === 204) body.resume();
  else body.destroy();
  return { status, headers, outcome: undefined };
}

/** Opens what may stay open for hours: only the time until its head is there is limited. @throws UpstreamError like `exchange` */
export async function openStream(
  http: UpstreamHttp,
  to: Destination,
  request: Pick<UpstreamHttpRequest, 'method' | 'headers' | 'body'>,
  { timeoutMs, signal }: StreamOptions,
): Promise<UpstreamHttpAnswer> {
  try {
    const answer = await http.stream(to, { ...request, headersTimeoutMs: timeoutMs, signal });
    answer.body.on('error', () => undefined);
    return answer;
  } catch (error) {
    throw transportError(error, { timedOut: false });
  }
}

async function send(
  http: UpstreamHttp,
  to: Destination,
  message: OneWayMessage,
  budget: Budget,
): Promise<UpstreamHttpAnswer> {
  try {
    const answer = await http.stream(to, { ...message, headersTimeoutMs: budget.timeoutMs, signal: budget.signal });
    // A body that is destroyed before its end reports that as an error, to nobody if nobody listens.
    answer.body.on('error', () => undefined);
    return answer;
  } catch (error) {
    throw transportError(error, budget);
  }
}
