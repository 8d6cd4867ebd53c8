import { Logger } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { egressFault, type ExchangeFault } from './exchange-fault.js';
import type { FlowControl } from './streamed-answer.js';

const LOG = new Logger('UpstreamExchange');

/** Gets what the upstream sends, in this order: start, then chunks, then end or fail. */
export interface ExchangeReceiver {
  start(status: number, headers: IncomingHttpHeaders): void;
  chunk(bytes: Buffer): void;
  end(): void;
  /** @param unsent nothing of the request went out */
  fail(fault: ExchangeFault, unsent: boolean): void;
}

/** How the receiver steers the exchange. */
export interface ExchangeControl extends FlowControl {
  /** The upstream waits for an answer of the client, so its silence is no fault. */
  waitForClient(): void;
}

export interface ExchangeLimits {
  /** Longest silence of the upstream, milliseconds. */
  readonly idleMs: number;
  /** Longest the whole exchange may take, milliseconds. */
  readonly totalMs: number;
  /** Largest answer, bytes. */
  readonly maxBytes: number;
}

/** How long an upstream may take to end its stream once it has answered; most end it at once, and keep the connection. */
const LINGER_MS = 1000;

/** One request to an upstream and its answer, bounded in time and bytes, at the level of undici's dispatch. */
export class UpstreamExchange implements Dispatcher.DispatchHandler, ExchangeControl {
  /** Called once, when nothing more comes; with the fault if the gate gave up on a call that the upstream may still run. */
  onOver: (givenUp: ExchangeFault | undefined) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #received = 0;
  #over = false;
  #answered = false;
  #paused = false;
  #timer: NodeJS.Timeout;
  readonly #deadline: number;
  #deadlineSet = false;
  #waiting = false;

  constructor(
    private readonly receiver: ExchangeReceiver,
    private readonly limits: ExchangeLimits,
  ) {
    this.#deadline = performance.now() + limits.totalMs;
    this.#timer = setTimeout(this.#expire, Math.min(limits.idleMs, limits.totalMs));
  }

  /** Nothing more comes. */
  get over(): boolean {
    return this.#over;
  }

  dispatch(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions): void {
    if (this.#over) return;
    try {
      dispatcher.dispatch(options, this);
    } catch (error) {
      this.#fail(egressFault(error));
    }
  }

  /** Ends the exchange now; the receiver is told, the upstream sees its connection close. */
  cancel(fault: ExchangeFault): void {
    if (this.#over) return;
    // What was never sent, or has been answered, needs no giving up.
    this.#fail(fault, this.#answered || !this.#controller ? undefined : fault);
    this.#controller?.abort(new Error(fault));
  }

  /** The client has its answer: what else the upstream sends is of no use. */
  answered(): void {
    if (this.#over || this.#answered) return;
    this.#answered = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#expire, LINGER_MS);
    this.resume();
  }

  waitForClient(): void {
    if (this.#over || this.#answered) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#expire, this.#deadline - performance.now());
    this.#waiting = true;
  }

  pause(): void {
    if (this.#over || this.#answered) return;
    this.#paused = true;
    this.#controller?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#controller?.resume();
    this.#alive();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('cancelled'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200 || this.#over) return;
    this.#alive();
    const length = Number(headers['content-length'] ?? 0);
    if (length > this.limits.maxBytes) this.cancel('upstream_too_large');
    else this.receiver.start(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#received += chunk.length;
    if (this.#received > this.limits.maxBytes) this.cancel('upstream_too_large');
    else {
      this.#alive();
      try {
        this.receiver.chunk(chunk);
      } catch (error) {
        tell(error);
        this.cancel('upstream_invalid_answer');
      }
    }
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#finish(undefined);
    try {
      this.receiver.end();
    } catch (error) {
      tell(error);
      this.receiver.fail('upstream_invalid_answer', false);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(egressFault(error));
  }

  /** Every sign of life starts the silence anew, but never beyond the deadline. */
  #alive(): void {
    if (this.#answered || this.#deadlineSet || this.#over) return;
    const left = this.#deadline - performance.now();
    if (left >= this.limits.idleMs && !this.#waiting) {
      this.#timer.refresh();
      return;
    }
    this.#waiting = false;
    this.#deadlineSet = left < this.limits.idleMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#expire, Math.min(left, this.limits.idleMs));
  }

  readonly #expire = (): void => this.cancel(this.#paused ? 'client_too_slow' : 'upstream_timeout');

  #fail(fault: ExchangeFault, givenUp?: ExchangeFault): void {
    if (this.#over) return;
    this.#finish(givenUp);
    this.receiver.fail(fault, !this.#controller);
  }

  #finish(givenUp: ExchangeFault | undefined): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.onOver(givenUp);
  }
}

/** What is no JSON may show so late that nobody expects it; its text is nothing for a log. Anything else is a bug of ours. */
function tell(error: unknown): void {
  if (!(error instanceof SyntaxError)) LOG.error({ message: 'an answer cannot be read', error });
}
