import { sseFrame } from '#libs/mcp';
import type { Answer, BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import { BlockedAnswer } from '../../plugins/guard/blocked-answer.js';
import type { CallGuard } from '../../plugins/guard/call-guard.js';
import type { EventRecorder } from '../resumption/event-recorder.js';
import { FaultAnswer } from './fault-answer.js';
import { SharedFlow } from './shared-flow.js';
import { type FlowControl, SSE_HEADERS, StreamedAnswer } from './streamed-answer.js';

/** The session is gone at the upstream: it did not execute the call, so another try is safe. */
export const SESSION_GONE = Symbol('session gone');

/** Messages that may wait for the guardrails before the upstream has to. */
const MOST_WAITING = 16;
const JSON_HEADERS = Object.freeze({ 'Content-Type': 'application/json' });

/** How the client of one call is answered: in one body, or in events when something comes before the answer. */
export class ClientReply {
  /** Settles when it is known how, which may be before the answer is there. */
  readonly answer: Promise<Answer | typeof SESSION_GONE>;
  #settle: (answer: Answer | typeof SESSION_GONE) => void = () => undefined;
  #stream: StreamedAnswer | undefined;
  readonly #ofClient: FlowControl;
  /** Undefined where nobody but the client can hold the upstream back. */
  readonly #ofGuard: FlowControl | undefined;
  /** What the guardrails still look at. */
  #guarding: Promise<void> | undefined;
  /** Messages that they have still to look at. */
  #waiting = 0;

  /**
   * @param flow told to wait while the client is slow, or the guardrails are
   * @param recorder keeps what goes down in events, for a client in a session
   * @param guard has the last word on everything that goes down, in the order in which it came
   */
  constructor(
    private readonly context: RequestContext,
    flow: FlowControl,
    private readonly recorder: EventRecorder | undefined,
    private readonly guard: CallGuard | undefined,
  ) {
    this.answer = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const shared = guard && new SharedFlow(flow);
    this.#ofClient = shared?.share() ?? flow;
    this.#ofGuard = shared?.share();
  }

  /**
   * A message before the answer.
   * @param retryMs after which the client may come back, should it lose the connection
   * @param dropped called when a guardrail holds the message back
   */
  push(message: Buffer, retryMs: number, dropped: () => void = () => undefined): void {
    const send = (guarded: Buffer | undefined): void =>
      guarded ? this.begin(retryMs).push(this.#frame(guarded)) : dropped();
    this.#guarded(() => (this.guard ? this.guard.message(message, 'to_client') : message), send);
  }

  /** The events begin. */
  begin(retryMs: number): StreamedAnswer {
    if (!this.#stream) {
      this.#stream = new StreamedAnswer(SSE_HEADERS, this.#ofClient, this.context);
      if (this.recorder?.primes === true) this.#stream.push(this.recorder.prime(retryMs));
      this.#settle(this.#stream);
    }
    return this.#stream;
  }

  /** A client that can come back for the rest is let go until there is more. */
  interrupted(): void {
    if (this.recorder?.primes === true) this.#stream?.letGo();
  }

  /** JSON that goes on as it comes. */
  pipe(): StreamedAnswer {
    const piped = new StreamedAnswer(JSON_HEADERS, this.#ofClient, this.context);
    this.#settle(piped);
    return piped;
  }

  /** @param refused called when a guardrail holds the answer back */
  deliver(answer: BytesAnswer, refused: () => void = () => undefined): void {
    // Nothing has gone down yet, so it is tried again, or goes past the guard at last where no try is left.
    if (answer instanceof FaultAnswer && !this.#stream && !this.#guarding) return this.#settle(answer);
    this.#guarded(
      () => this.guard?.after(answer) ?? answer,
      (guarded) => {
        this.#deliver(guarded);
        if (guarded instanceof BlockedAnswer) refused();
      },
    );
  }

  /** One after another, without a promise where no guardrail takes time. A guard does not fail: it answers that it did. */
  #guarded<T>(look: () => T | Promise<T>, send: (guarded: T) => void): void {
    const made = this.#guarding ? this.#guarding.then(look) : look();
    if (!(made instanceof Promise)) return send(made);
    if (++this.#waiting === MOST_WAITING) this.#ofGuard?.pause();
    this.#guarding = made.then(send).finally(() => {
      if (--this.#waiting === 0) this.#ofGuard?.resume();
    });
  }

  #deliver(answer: BytesAnswer): void {
    if (!this.#stream) return this.#settle(answer);
    this.#stream.push(this.#frame(answer.body));
    this.recorder?.end();
    this.#stream.end();
  }

  sessionGone(): void {
    this.#settle(SESSION_GONE);
  }

  #frame(message: Buffer): Buffer {
    return this.recorder?.frame(message) ?? sseFrame(message);
  }
}
