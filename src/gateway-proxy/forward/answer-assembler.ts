import {
  type AnswerShape,
  frameOf,
  incomingAnswer,
  type IncomingFrame,
  isJsonObject,
  type JsonRpcId,
  RPC_CODES,
  SseEventTooLargeError,
  sseFrame,
  SseReader,
} from '#libs/mcp';
import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import { type ExchangeFault, faultBody } from './exchange-fault.js';
import { type FlowControl, SSE_HEADERS, StreamedAnswer } from './streamed-answer.js';
import type { ExchangeReceiver } from './upstream-exchange.js';

/** Answers up to this size are read whole and go down in one write. */
const SMALL = 65_536;
const MAX_EVENT = 4 * 1024 * 1024;
const JSON_HEADERS = Object.freeze({ 'Content-Type': 'application/json' });

export interface AssemblyPlan {
  readonly id: JsonRpcId;
  readonly shape: AnswerShape;
  readonly context: RequestContext;
  /** The client takes events; otherwise what comes before the answer is dropped. */
  readonly takesEvents: boolean;
  /** A large answer may go on before it is complete: nothing has to be changed in it. */
  readonly mayStream: boolean;
}

/** The session is gone at the upstream: it did not execute the call, so another try is safe. */
export const SESSION_GONE = Symbol('session gone');

/** Makes one answer for the client out of what an upstream sends: JSON, or events when something comes before it. */
export class AnswerAssembler implements ExchangeReceiver {
  /** Settles when it is known how the client is answered, which may be before the upstream has ended. */
  readonly answer: Promise<Answer | typeof SESSION_GONE>;
  flow: FlowControl = { pause: () => undefined, resume: () => undefined };
  #settle: (answer: Answer | typeof SESSION_GONE) => void = () => undefined;
  #status = 0;
  #mode: 'whole' | 'events' | 'refusal' | 'invalid' = 'invalid';
  #chunks: Buffer[] = [];
  #size = 0;
  #stream: StreamedAnswer | undefined;
  #events: SseReader | undefined;
  #answered = false;

  constructor(
    private readonly plan: AssemblyPlan,
    private readonly onSideRequest: (frame: IncomingFrame) => void,
  ) {
    this.answer = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') return;
    if (status !== 200) this.#mode = 'refusal';
    else if (type === 'application/json') this.#mode = 'whole';
    else if (type === 'text/event-stream') {
      this.#mode = 'events';
      this.#events = new SseReader(MAX_EVENT);
    }
  }

  chunk(bytes: Buffer): void {
    if (this.#mode === 'events') this.#readEvents(bytes);
    else if (this.#stream) this.#stream.push(bytes);
    else if (this.#mode !== 'invalid') {
      this.#chunks.push(bytes);
      this.#size += bytes.length;
      if (this.#size > SMALL) this.#outgrown();
    }
  }

  end(): void {
    if (this.#answered) this.#stream?.end();
    else if (this.#stream && this.#mode === 'whole') this.#stream.end();
    else if (this.#mode === 'whole') this.#complete(this.#joined());
    else if (this.#mode === 'refusal') this.#refused(this.#joined());
    else this.fail(this.#mode === 'events' ? 'upstream_closed' : 'upstream_invalid_answer');
  }

  fail(fault: ExchangeFault): void {
    if (this.#answered) {
      this.#stream?.end();
      return;
    }
    this.plan.context.failed = fault;
    if (this.#stream && this.#mode === 'whole') this.#stream.break();
    else this.#deliver(faultBody(this.plan.id, fault), 200);
  }

  #outgrown(): void {
    if (this.#mode !== 'whole' || !this.plan.mayStream) {
      if (this.#mode === 'refusal') this.#chunks = [];
      return;
    }
    this.#stream = new StreamedAnswer(JSON_HEADERS, this.flow, this.plan.context);
    for (const chunk of this.#chunks) this.#stream.push(chunk);
    this.#chunks = [];
    this.#settle(this.#stream);
  }

  #readEvents(bytes: Buffer): void {
    let events;
    try {
      events = this.#events?.feed(bytes) ?? [];
    } catch (error) {
      this.#mode = 'invalid';
      this.fail(error instanceof SseEventTooLargeError ? 'upstream_too_large' : 'upstream_invalid_answer');
      return;
    }
    for (const { data } of events) if (data !== '') this.#message(Buffer.from(data));
  }

  #message(bytes: Buffer): void {
    if (this.#answered) return;
    const frame = frameOf(bytes);
    if (!frame) this.fail('upstream_invalid_answer');
    else if (frame.kind === 'answer') this.#complete(bytes, frame);
    else if (frame.kind === 'request') this.onSideRequest(frame);
    else if (this.plan.takesEvents) this.#streamed().push(sseFrame(bytes));
  }

  #complete(bytes: Buffer, frame = frameOf(bytes)): void {
    const body = frame ? incomingAnswer(frame, this.plan.shape) : 'not_an_answer';
    if (body === 'needs_input') this.fail('upstream_needs_input');
    else if (typeof body === 'string') this.fail('upstream_invalid_answer');
    else {
      if (frame?.scan.error) this.plan.context.failed = 'rpc_error';
      else if (body.includes('"isError":true')) this.plan.context.failed = 'tool_error';
      this.#deliver(body, 200);
    }
  }

  #deliver(body: Buffer, status: number): void {
    this.#answered = true;
    if (this.#stream) {
      this.#stream.push(sseFrame(body));
      this.#stream.end();
      return;
    }
    this.plan.context.bytesOut = body.length;
    this.#settle(new BytesAnswer(status, body));
  }

  #streamed(): StreamedAnswer {
    if (!this.#stream) {
      this.#stream = new StreamedAnswer(SSE_HEADERS, this.flow, this.plan.context);
      this.#settle(this.#stream);
    }
    return this.#stream;
  }

  /** An HTTP status other than 200 never goes down as it is: it belongs to the hop between the gate and the upstream. */
  #refused(bytes: Buffer): void {
    const status = this.#status;
    if (status === 404 && this.plan.shape.from === 'legacy') {
      this.#answered = true;
      this.#settle(SESSION_GONE);
      return;
    }
    if (status === 401 || status === 403) this.fail('upstream_refused_credentials');
    else if (status === 429 || status === 503) this.fail('upstream_busy');
    else this.#relayError(bytes);
  }

  #relayError(bytes: Buffer): void {
    const frame = frameOf(bytes);
    const code = frame?.scan.error ? errorCode(bytes) : undefined;
    const body = frame && code !== undefined ? incomingAnswer(frame, this.plan.shape) : undefined;
    const ownHop = code === RPC_CODES.headerMismatch || code === RPC_CODES.unsupportedVersion;
    if (!Buffer.isBuffer(body) || ownHop) {
      this.fail(this.#status < 400 ? 'upstream_invalid_answer' : 'upstream_failed');
      return;
    }
    this.plan.context.failed = 'rpc_error';
    this.#deliver(body, code === RPC_CODES.missingClientCapability && this.plan.shape.to === 'modern' ? 400 : 200);
  }

  #joined(): Buffer {
    const only = this.#chunks[0];
    return this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
  }
}

function errorCode(bytes: Buffer): number | undefined {
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'));
    const error = isJsonObject(message) ? message['error'] : undefined;
    return isJsonObject(error) && typeof error['code'] === 'number' ? error['code'] : undefined;
  } catch {
    return undefined;
  }
}
