import type { Dispatcher } from 'undici';
import { EgressError } from './egress-error.js';
import { toEgressError } from './to-egress-error.js';

export type ResponseHeaders = Record<string, string | string[] | undefined>;

export interface Limits {
  /** For the whole call, or until a subclass says that it is in time; in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * What buffered and streamed calls share: a deadline, a signal and one failure. Both count while the call still waits for a
 * connection, where undici itself does not look at them.
 */
export abstract class CallHandler implements Dispatcher.DispatchHandler {
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.fail(new EgressError('aborted', `The call to ${this.host} was given up`));
  #controller: Dispatcher.DispatchController | undefined;
  #outcome: EgressError | 'open' | 'done' = 'open';

  constructor(
    protected readonly host: string,
    limits: Limits,
  ) {
    this.#signal = limits.signal;
    this.#timer = setTimeout(
      () => this.fail(new EgressError('timeout', `${host} took longer than ${limits.timeoutMs} ms`)),
      limits.timeoutMs,
    );
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  send(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions): void {
    if (this.#signal?.aborted) return this.#onAbort();
    try {
      dispatcher.dispatch(options, this);
    } catch (error) {
      this.fail(toEgressError(error, this.host));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#outcome instanceof EgressError) controller.abort(this.#outcome);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (status >= 200) this.answered(controller, status, headers);
  }

  abstract onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void;

  onResponseEnd(): void {
    if (this.#outcome !== 'open') return;
    this.#outcome = 'done';
    this.#release();
    this.ended();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(toEgressError(error, this.host));
  }

  /** Ends the call, unless it has ended. */
  fail(error: EgressError): void {
    if (this.#outcome !== 'open') return;
    this.#outcome = error;
    this.#release();
    this.#controller?.abort(error);
    this.failed(error);
  }

  protected inTime(): void {
    clearTimeout(this.#timer);
  }

  protected abstract answered(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void;
  protected abstract ended(): void;
  protected abstract failed(error: EgressError): void;

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
