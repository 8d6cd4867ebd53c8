import {
  type AnswerShape,
  frameOf,
  incomingAnswer,
  type IncomingFrame,
  type JsonRpcId,
  type LogLevel,
  type InputRequired,
  readInputRequired,
  ResultStamper,
  type Span,
  type SseEvent,
  SseEventTooLargeError,
  SseReader,
} from '#libs/mcp';
import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import type { CallGuard } from '../../plugins/guard/call-guard.js';
import type { TaskRelay } from '../tasks/task-relay.js';
import type { EventRecorder } from '../resumption/event-recorder.js';
import { ClientReply, type SESSION_GONE } from './client-reply.js';
import { type ExchangeFault, noteFault } from './exchange-fault.js';
import { FaultAnswer } from './fault-answer.js';
import { admitsNotification } from './notification-filter.js';
import type { StreamedAnswer } from './streamed-answer.js';
import { errorCode, errorStatus, isSessionLost } from './upstream-refusal.js';
import type { ExchangeControl, ExchangeReceiver } from './upstream-exchange.js';

/** Answers up to this size are read whole and go down in one write. */
const SMALL = 65_536;
/** Until the upstream says how long to wait before coming back, milliseconds. */
const RETRY_MS = 1000;
/** Members that only a question has; quotes within a text are escaped. */
const OF_A_QUESTION = ['"inputRequests"', '"requestState"'];
const LONGEST_CHALLENGE = 2048;
/** Characters; it goes up again in a header. */
const LONGEST_EVENT_ID = 1024;

export interface AssemblyPlan {
  readonly id: JsonRpcId;
  readonly shape: AnswerShape;
  readonly context: RequestContext;
  /** The client takes events; otherwise what comes before the answer is dropped. */
  readonly takesEvents: boolean;
  /** Least severe log message that a modern client asked for. */
  readonly logLevel: LogLevel | undefined;
  /** A large answer may go on before it is complete: nothing has to be changed in it but for a stamp. */
  readonly mayStream: boolean;
  /** Where the answer may speak of tasks. */
  readonly tasks: TaskRelay | undefined;
  /** Keeps what goes down in events, for a client in a session. */
  readonly recorder: EventRecorder | undefined;
  /** Looks at everything that goes down. */
  readonly guard: CallGuard | undefined;
  /** The upstream knows the call by a session, which it may have forgotten. */
  readonly inSession: boolean;
  /** Seals what a modern upstream wants back from a modern client. */
  readonly sealInput: ((answer: Buffer) => Buffer) | undefined;
  /** Largest event of a stream, bytes. */
  readonly maxEventBytes: number;
}

/** Makes one answer for the client out of what an upstream sends: JSON, or events when something comes before it. */
export class AnswerAssembler implements ExchangeReceiver {
  /** Told of what the upstream asks in the middle of the call. */
  onSideRequest: (frame: IncomingFrame) => void = () => undefined;
  /** What a modern client is answered when an older upstream wants it to visit a URL first. */
  onUrlRequired: ((message: Buffer) => BytesAnswer | undefined) | undefined;
  /** Where the client can be asked: told of the upstream's questions, after which the call goes up again or fails. */
  onInputRequired: ((required: InputRequired) => void) | undefined;
  readonly #reply: ClientReply;
  /** Who gets the answer when the client has left with another. */
  #later: ((answer: BytesAnswer) => void) | undefined;
  #status: number | undefined;
  #retryAfter: string | undefined;
  #challenge: string | undefined;
  #mode: 'whole' | 'events' | 'refusal' = 'refusal';
  #chunks: Buffer[] = [];
  #size = 0;
  /** Of JSON that is passed on as it comes. */
  #piped: StreamedAnswer | undefined;
  #stamper: ResultStamper | undefined;
  #events: SseReader | undefined;
  #lastEventId: string | undefined;
  #retryMs = RETRY_MS;
  #answered = false;
  #asking = false;
  /** It seems to be a question, which is read whole however long it is: its state has to be sealed. */
  #asks = false;
  #shape: AnswerShape;

  constructor(
    private readonly plan: AssemblyPlan,
    private readonly flow: ExchangeControl,
  ) {
    this.#shape = plan.shape;
    this.#reply = new ClientReply(plan.context, flow, plan.recorder, plan.guard);
  }

  /** Settles when it is known how the client is answered, which may be before the upstream has ended. */
  get answer(): Promise<Answer | typeof SESSION_GONE> {
    return this.#reply.answer;
  }

  /** The upstream has answered with questions, and the client is asked. */
  get asking(): boolean {
    return this.#asking;
  }

  /** From where the upstream's stream can go on, when it has ended before the answer. */
  get resumableFrom(): { readonly lastEventId: string; readonly retryMs: number } | undefined {
    if (this.#mode !== 'events' || this.#answered || this.#lastEventId === undefined) return undefined;
    return { lastEventId: this.#lastEventId, retryMs: this.#retryMs };
  }

  /** The upstream's stream has broken off and goes on later: a client that can come back later is let go till then. */
  interrupted(): void {
    this.#reply.interrupted();
  }

  /** A message for the client in the middle of its call. @param dropped called when the client must not be asked this */
  ask(message: Buffer, dropped?: () => void): void {
    this.#reply.push(message, this.#retryMs, dropped);
  }

  /**
   * The client gets this for now. What answers the call in the end goes to `later`, as it is: it goes past the guardrails
   * with whoever takes it; what comes before that, to nobody.
   * @param refused called when a guardrail holds the answer of now back
   */
  park(answer: BytesAnswer, later: (answer: BytesAnswer) => void, refused: () => void): void {
    this.#later = later;
    this.#reply.deliver(answer, refused);
  }

  /** The call goes up once more, with what the client answered. */
  again(upstreamId: JsonRpcId): void {
    this.#shape = { ...this.#shape, upstreamId };
    this.#asking = false;
    this.#mode = 'refusal';
    this.#chunks = [];
    this.#size = 0;
    this.#lastEventId = undefined;
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#retryAfter = headers['retry-after'];
    this.#challenge = headers['www-authenticate']?.slice(0, LONGEST_CHALLENGE);
    const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    const encoding = headers['content-encoding'] ?? 'identity';
    if (status !== 200) this.#mode = 'refusal';
    else if (type === 'application/json' && encoding === 'identity') this.#mode = 'whole';
    else if (type === 'text/event-stream' && encoding === 'identity') {
      this.#mode = 'events';
      this.#events = new SseReader(this.plan.maxEventBytes);
    } else this.fail('upstream_invalid_answer');
  }

  chunk(bytes: Buffer): void {
    if (this.#answered || this.#asking) return;
    if (this.#mode === 'events') this.#readEvents(bytes);
    else if (this.#piped) this.#pass(bytes);
    else {
      this.#chunks.push(bytes);
      this.#size += bytes.length;
      if (this.#size > SMALL) this.#outgrown();
    }
  }

  end(): void {
    if (this.#answered || this.#asking) return;
    if (this.#mode === 'events') this.fail('upstream_closed');
    else if (this.#mode === 'refusal') this.#refused(this.#joined());
    else if (this.#piped) this.#piped.end();
    else this.#complete(this.#joined());
  }

  fail(fault: ExchangeFault, unsent = false): void {
    if (this.#answered) return;
    noteFault(this.plan.context, fault);
    const facts = { unsent, status: this.#status, retryAfter: this.#retryAfter, challenge: this.#challenge };
    if (this.#piped) this.#piped.break();
    else this.#deliver(new FaultAnswer(this.plan.id, fault, facts));
  }

  #outgrown(): void {
    // Nobody reads a long refusal.
    if (this.#mode === 'refusal') this.#chunks = [];
    if (this.#mode === 'refusal' || !this.plan.mayStream || (this.#asks ||= this.#mayAsk())) return;
    this.#piped = this.#reply.pipe();
    for (const chunk of this.#chunks) this.#pass(chunk);
    this.#chunks = [];
  }

  #mayAsk(): boolean {
    const begun = this.#joined();
    return OF_A_QUESTION.some((member) => begun.includes(member));
  }

  #pass(chunk: Buffer): void {
    this.#stamper ??= new ResultStamper();
    this.#piped?.push(this.#stamper.pass(chunk));
  }

  #readEvents(bytes: Buffer): void {
    try {
      for (const event of this.#events?.feed(bytes) ?? []) this.#event(event);
    } catch (error) {
      if (!(error instanceof SseEventTooLargeError)) throw error;
      this.fail('upstream_too_large');
    }
  }

  #event({ id, retry, data }: SseEvent): void {
    if (id !== undefined && id.length <= LONGEST_EVENT_ID) this.#lastEventId = id;
    if (retry !== undefined) this.#retryMs = retry;
    if (data !== '') this.#message(Buffer.from(data));
    // The upstream means to let its clients go and come back, so ours must know how.
    else if (id !== undefined && this.plan.recorder?.primes === true && this.plan.takesEvents)
      this.#reply.begin(this.#retryMs);
  }

  #message(bytes: Buffer): void {
    if (this.#answered || this.#asking) return;
    const frame = frameOf(bytes);
    if (!frame) this.fail('upstream_invalid_answer');
    else if (frame.kind === 'answer') this.#complete(bytes, frame);
    else if (frame.kind === 'request') this.onSideRequest(frame);
    else if (this.#later || !this.plan.takesEvents) return;
    else if (admitsNotification(frame, this.plan.shape.to, this.plan.logLevel)) {
      const told = this.plan.tasks ? this.plan.tasks.message(bytes) : bytes;
      if (told) this.#reply.push(told, this.#retryMs);
    }
  }

  #complete(bytes: Buffer, frame = frameOf(bytes), otherwise: ExchangeFault = 'upstream_invalid_answer'): void {
    const body = frame ? incomingAnswer(frame, this.#shape) : 'not_an_answer';
    if (!frame || body === 'not_an_answer' || body === 'wrong_id') this.fail(otherwise);
    else if (body === 'needs_input') this.#needsInput(bytes);
    else if (body === 'not_relayed') this.fail('upstream_failed');
    else {
      const { error, isError, resultType } = frame.scan;
      if (error) this.plan.context.failed = 'rpc_error';
      else if (says(bytes, isError, 'true')) this.plan.context.failed = 'tool_error';
      const told = this.plan.tasks ? this.plan.tasks.answer(body, frame) : body;
      if (!told) return this.fail('upstream_invalid_answer');
      const seal = says(bytes, resultType, '"input_required"') ? this.plan.sealInput : undefined;
      this.#deliver(new BytesAnswer(error ? errorStatus(frame, this.plan.shape.to) : 200, seal ? seal(told) : told));
    }
  }

  #needsInput(bytes: Buffer): void {
    const asks = this.onUrlRequired?.(bytes);
    if (asks) return this.#deliver(asks);
    const required = this.onInputRequired && readInputRequired(bytes);
    if (!this.onInputRequired || !required) return this.fail('upstream_needs_input');
    this.#asking = true;
    this.flow.answered();
    this.onInputRequired(required);
  }

  #deliver(answer: BytesAnswer): void {
    this.#answered = true;
    this.#chunks = [];
    if (this.#later) this.#later(answer);
    else this.#reply.deliver(answer);
    this.flow.answered();
  }

  /** An HTTP status other than 200 never goes down as it is: it belongs to the hop between the gate and the upstream. */
  #refused(bytes: Buffer): void {
    const status = this.#status ?? 0;
    const frame = frameOf(bytes);
    const fault = status < 400 ? 'upstream_invalid_answer' : 'upstream_failed';
    const { from } = this.plan.shape;
    if (from === 'legacy' && isSessionLost(status, frame, this.plan.inSession)) {
      this.#answered = true;
      this.#reply.sessionGone();
    } else if (status === 401 || status === 403) this.fail('upstream_refused_credentials');
    else if (status === 429 || status === 503) this.fail('upstream_busy');
    else if (!frame || errorCode(frame) === undefined) this.fail(fault);
    else this.#complete(bytes, frame, fault);
  }

  #joined(): Buffer {
    const only = this.#chunks[0];
    return this.#chunks.length === 1 && only ? only : Buffer.concat(this.#chunks);
  }
}

const says = (bytes: Buffer, span: Span | undefined, text: string): boolean =>
  span !== undefined && bytes.toString('latin1', span.start, span.end) === text;
