import { UpstreamError } from './upstream-error.js';

/** What one operation (a discovery, a crawl, an opening), with all its requests, may cost. */
export interface UpstreamLimits {
  /** Milliseconds, at least 1. */
  readonly timeoutMs: number;
  /** Bytes of all answers together. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** The running account of one operation. */
export class Budget {
  readonly timeoutMs: number;
  /** Fires when time is up or the caller gives up. */
  readonly signal: AbortSignal;
  // Held here, because a composed signal does not keep its sources alive.
  readonly #sources: readonly AbortSignal[];
  #bytesLeft: number;

  constructor({ timeoutMs, maxBytes, signal }: UpstreamLimits) {
    this.timeoutMs = timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    this.#sources = signal ? [timeout, signal] : [timeout];
    this.signal = signal ? AbortSignal.any([timeout, signal]) : timeout;
    this.#bytesLeft = maxBytes;
  }

  /** Whether time ran out, by this budget's clock or by one that the caller gave as its signal. */
  get timedOut(): boolean {
    return this.#sources.some(({ reason }) => reason instanceof DOMException && reason.name === 'TimeoutError');
  }

  get bytesLeft(): number {
    return this.#bytesLeft;
  }

  /** @throws UpstreamError `too_large` when the answers are larger than the limit. */
  spend(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) throw new UpstreamError('too_large', 'answered with more bytes than allowed');
  }
}
