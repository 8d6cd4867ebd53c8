import type { Dispatcher } from 'undici';
import { CallHandler, type Limits, type ResponseHeaders } from './call-handler.js';
import { EgressError } from './egress-error.js';

export interface BufferedAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** As it came: encoded if the server encoded it. */
  readonly body: Buffer;
}

/** Collects a small answer. */
export class BufferedCall extends CallHandler {
  readonly answer: Promise<BufferedAnswer>;
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #head: Pick<BufferedAnswer, 'status' | 'headers'> = { status: 0, headers: {} };
  #resolve: (answer: BufferedAnswer) => void = () => {};
  #reject: (error: EgressError) => void = () => {};

  constructor(host: string, limits: Limits & { readonly maxBytes: number }) {
    super(host, limits);
    this.#maxBytes = limits.maxBytes;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  override onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) this.#chunks.push(chunk);
    else this.fail(new EgressError('too_large', `The answer of ${this.host} exceeds ${this.#maxBytes} bytes`));
  }

  protected override answered(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    this.#head = { status, headers };
  }

  protected override ended(): void {
    this.#resolve({ ...this.#head, body: Buffer.concat(this.#chunks) });
  }

  protected override failed(error: EgressError): void {
    this.#reject(error);
  }
}
