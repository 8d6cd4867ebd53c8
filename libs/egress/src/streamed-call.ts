import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { CallHandler, type Limits, type ResponseHeaders } from './call-handler.js';
import { EgressError } from './egress-error.js';

export interface StreamedAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Fails with an EgressError; destroying it ends the call. Nothing limits its length or time: its reader does. */
  readonly body: Readable;
}

/** Hands an answer over as soon as its head is there, and lets the reader set the pace of the rest. */
export class StreamedCall extends CallHandler {
  readonly answer: Promise<StreamedAnswer>;
  #body: Readable | undefined;
  #resolve: (answer: StreamedAnswer) => void = () => {};
  #reject: (error: EgressError) => void = () => {};

  constructor(host: string, limits: Limits) {
    super(host, limits);
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  override onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body?.push(chunk) === false) controller.pause();
  }

  protected override answered(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    this.inTime();
    const body = new Readable({
      read: () => controller.resume(),
      destroy: (error, callback) => {
        this.fail(new EgressError('aborted', `The answer of ${this.host} was not read to its end`));
        callback(error);
      },
    });
    this.#body = body;
    this.#resolve({ status, headers, body });
  }

  protected override ended(): void {
    this.#body?.push(null);
  }

  protected override failed(error: EgressError): void {
    if (this.#body) this.#body.destroy(error);
    else this.#reject(error);
  }
}
