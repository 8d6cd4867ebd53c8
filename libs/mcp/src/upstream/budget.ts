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
  #bytesLeft: number;

  constructor({ timeoutMs, maxBytes, signal }: UpstreamLimits) {
    const timeout = AbortSignal.timeout(timeoutMs);
    this.timeoutMs = timeoutMs;
    this.signal = signal ? AbortSignal.any([timeout, signal]) : timeout;
    this.#bytesLeft = maxBytes;
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
