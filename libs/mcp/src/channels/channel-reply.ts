import { type CallController, type CallReceiver, EgressError } from '#libs/egress';
import { sseFrame } from '../sse.js';

/** What a reader that is slow may leave lying, bytes. */
const MOST_WAITING = 32 * 1024 * 1024;

type Step = () => void;

/** The answer to one call, told to its receiver as if it came over HTTP. */
export class ChannelReply implements CallController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  /** Called once when the receiver wants no more, or there is no more. */
  onOver: () => void = () => undefined;
  #headers: Record<string, string> = {};
  #streams = false;
  #over = false;
  #ending = false;
  #waiting: Step[] = [];
  #waitingBytes = 0;

  constructor(private readonly receiver: CallReceiver) {
    receiver.onRequestStart?.(this, {});
  }

  /** Nobody listens any more. */
  get over(): boolean {
    return this.#over;
  }

  /** To go with the head, whatever it will be. */
  set headers(headers: Record<string, string>) {
    this.#headers = headers;
  }

  /** The head of a stream, before there is anything in it. */
  stream(): void {
    if (this.#streams) return;
    this.#streams = true;
    this.#head(200, { 'content-type': 'text/event-stream' });
  }

  /** A message before the answer. */
  push(message: Buffer): void {
    this.stream();
    this.#data(sseFrame(message));
  }

  /** The answer: alone it is JSON, after other messages the last event. */
  finish(message: Buffer): void {
    if (!this.#streams) return this.answer(200, { 'content-type': 'application/json' }, message);
    this.#data(sseFrame(message));
    this.end();
  }

  /** An answer as a whole. */
  answer(status: number, headers: Record<string, string> = {}, body: Buffer = Buffer.alloc(0)): void {
    this.#head(status, { ...headers, 'content-length': String(body.length) });
    if (body.length > 0) this.#data(body);
    this.end();
  }

  end(): void {
    this.#ending = true;
    this.#step(() => {
      this.receiver.onResponseEnd?.(this, {});
      this.#finished();
    });
  }

  fail(error: EgressError): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#step(() => {
      this.receiver.onResponseError?.(this, error);
      this.#finished();
    });
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.aborted = true;
    this.reason = reason;
    this.#waiting = [];
    this.#finished();
    this.receiver.onResponseError?.(this, reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    while (this.#runs()) this.#waiting.shift()?.();
    if (this.#waiting.length === 0) this.#waitingBytes = 0;
  }

  #runs(): boolean {
    return !this.paused && this.#waiting.length > 0;
  }

  #head(status: number, headers: Record<string, string>): void {
    this.#step(() => this.receiver.onResponseStart?.(this, status, { ...headers, ...this.#headers }, ''));
  }

  #data(bytes: Buffer): void {
    if (this.paused) this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MOST_WAITING) this.abort(new EgressError('too_large', 'The answer waits unread'));
    else this.#step(() => this.receiver.onResponseData?.(this, bytes));
  }

  #step(step: Step): void {
    if (this.#over) return;
    if (this.paused || this.#waiting.length > 0) this.#waiting.push(step);
    else step();
  }

  #finished(): void {
    this.#over = true;
    this.onOver();
  }
}
