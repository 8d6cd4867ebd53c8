import { sseFrame } from '#libs/mcp';
import type { Answer, BytesAnswer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import type { EventRecorder } from '../resumption/event-recorder.js';
import { type FlowControl, SSE_HEADERS, StreamedAnswer } from './streamed-answer.js';

/** The session is gone at the upstream: it did not execute the call, so another try is safe. */
export const SESSION_GONE = Symbol('session gone');

const JSON_HEADERS = Object.freeze({ 'Content-Type': 'application/json' });

/** How the client of one call is answered: in one body, or in events when something comes before the answer. */
export class ClientReply {
  /** Settles when it is known how, which may be before the answer is there. */
  readonly answer: Promise<Answer | typeof SESSION_GONE>;
  #settle: (answer: Answer | typeof SESSION_GONE) => void = () => undefined;
  #stream: StreamedAnswer | undefined;

  /**
   * @param flow told to wait while the client is slow
   * @param recorder keeps what goes down in events, for a client in a session
   */
  constructor(
    private readonly context: RequestContext,
    private readonly flow: FlowControl,
    private readonly recorder: EventRecorder | undefined,
  ) {
    this.answer = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** A message before the answer. @param retryMs after which the client may come back, should it lose the connection */
  push(message: Buffer, retryMs: number): void {
    this.begin(retryMs).push(this.#frame(message));
  }

  /** The events begin. */
  begin(retryMs: number): StreamedAnswer {
    if (!this.#stream) {
      this.#stream = new StreamedAnswer(SSE_HEADERS, this.flow, this.context);
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
    const piped = new StreamedAnswer(JSON_HEADERS, this.flow, this.context);
    this.#settle(piped);
    return piped;
  }

  deliver(answer: BytesAnswer): void {
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
