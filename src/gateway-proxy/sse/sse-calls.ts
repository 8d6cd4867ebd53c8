import { ASSUMED_LEGACY, type Envelope, EnvelopeRefusal, type McpCall, RPC_CODES, sseFrame } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { UsageObserver } from '../../audit/usage-observer.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { type Answer, AnsweredError, BytesAnswer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import type { RequestContext } from '../../http/request-context.js';
import { CallsInFlight } from '../forward/calls-in-flight.js';
import { StreamedAnswer } from '../forward/streamed-answer.js';
import { BatchService } from '../gate/batch.service.js';
import { batchRefusal, refusalReason, rpcError } from '../gate/gate-refusal.js';
import { type GateRequest, GateService } from '../gate/gate.service.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { McpSessions } from '../sessions/mcp-sessions.js';
import { SseStreams } from './sse-streams.js';

/** Messages of one session that one replica works on at the same time. */
const AT_ONCE = 100;

/** What a client sent: a message or a batch, or what is wrong with its request. */
export type Posted = Envelope | EnvelopeRefusal;

/** Where a message came, and whose it is. */
export interface SseRequest extends GateRequest {
  readonly session: McpSession;
}

/** Messages that were accepted at once and are answered on the stream of their session. */
@Injectable()
export class SseCalls {
  readonly #log = new Logger(SseCalls.name);
  /** How many there are, by the session. */
  readonly #running = new Map<string, number>();

  constructor(
    private readonly gate: GateService,
    private readonly batches: BatchService,
    private readonly streams: SseStreams,
    private readonly sessions: McpSessions,
    private readonly inFlight: CallsInFlight,
    private readonly usage: UsageObserver,
    bus: ChangeBus,
  ) {
    bus.subscribe((change) => {
      if (change.kind === 'mcp_session_changed') void this.#endIfOver(change.mcpSessionId);
      else if (change.kind === 'anything_changed') for (const id of this.#running.keys()) void this.#endIfOver(id);
    });
  }

  /**
   * @throws GatewayError 429 when the session has too many messages waiting
   * @throws AnsweredError 400 for a batch that the session does not know
   */
  begin(posted: Posted, at: SseRequest): void {
    const { session, context, request, response } = at;
    if (!(posted instanceof EnvelopeRefusal) && posted.batch && session.revision !== ASSUMED_LEGACY) {
      throw new AnsweredError(batchRefusal(session.revision), 'invalid_request');
    }
    const running = this.#running.get(session.id) ?? 0;
    if (running >= AT_ONCE) {
      throw new GatewayError('too_many_requests', `The session has ${AT_ONCE} messages waiting`, 'session_calls', 1);
    }
    this.#running.set(session.id, running + 1);
    context.goesOn = true;
    void this.#run(posted, at).finally(() => {
      this.#done(session.id);
      this.usage.record(context, request, response);
    });
  }

  async #run(posted: Posted, at: SseRequest): Promise<void> {
    const { context, session } = at;
    try {
      const answer = await this.#answer(posted, at);
      if (answer) await this.#send(answer, session.id);
    } catch (error) {
      this.#log.error({ message: 'a message cannot be answered', correlationId: context.correlationId, error });
      context.failed = 'internal_error';
    }
  }

  /** Undefined where nobody waits for an answer. */
  async #answer(posted: Posted, at: SseRequest): Promise<Answer | undefined> {
    const { context } = at;
    if (posted instanceof EnvelopeRefusal) {
      context.blockReason = refusalReason(posted);
      context.method = posted.asked?.method;
      context.target = posted.asked?.targetName;
      return posted.id === undefined ? undefined : new BytesAnswer(200, Buffer.from(posted.body()));
    }
    if (posted.batch) return this.batches.answer(posted.entries, { ...at, whole: true });
    const [call] = posted.entries;
    const answer = await this.#answerOne(call, at);
    return call.kind === 'request' ? answer : undefined;
  }

  async #answerOne(call: McpCall, at: SseRequest): Promise<Answer> {
    try {
      return await this.gate.answer(call, at);
    } catch (error) {
      if (!(error instanceof GatewayError)) return this.#failed(call, at.context, error);
      at.context.blockReason = error.reason;
      return rpcError(call.id, 200, RPC_CODES.internalError, error.message, { reason: error.reason });
    }
  }

  /** Nothing but the stream says to the client that its request is over. */
  #failed({ id }: McpCall, context: RequestContext, error: unknown): Answer {
    this.#log.error({ message: 'a message cannot be answered', correlationId: context.correlationId, error });
    context.failed = 'internal_error';
    return rpcError(id, 200, RPC_CODES.internalError, 'Internal error');
  }

  async #send(answer: Answer, id: string): Promise<void> {
    if (answer instanceof BytesAnswer) {
      if (answer.body.length > 0) await this.streams.send(id, sseFrame(answer.body));
    } else if (answer instanceof StreamedAnswer) {
      // Already in events, each a chunk of its own.
      const write = async (frame: Buffer, done: (error?: Error) => void): Promise<void> => {
        done((await this.streams.send(id, frame)) ? undefined : new Error('the stream is closed'));
      };
      const out = new Writable({ write: (frame: Buffer, _encoding, done) => void write(frame, done) });
      const over = finished(out).catch(() => undefined);
      answer.sendTo(out);
      await over;
    } else throw new TypeError('an answer that no stream can take');
  }

  #done(id: string): void {
    const left = (this.#running.get(id) ?? 1) - 1;
    if (left === 0) this.#running.delete(id);
    else this.#running.set(id, left);
  }

  /** The stream closed, here or at another replica: nobody waits any more. */
  async #endIfOver(id: string): Promise<void> {
    if (!this.#running.has(id)) return;
    try {
      if (!(await this.sessions.state({ id }))) this.inFlight.cancelAll(id);
    } catch {
      // Whether it is over can't be known; the bus says when it can.
    }
  }
}
