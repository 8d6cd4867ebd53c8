import type { JsonRpcId } from './json-rpc.js';
import type { Span } from './json-scan.js';

const MAX_BYTES = 256;
/** Digits and an exponent; longer ones are spelled to be long. */
const MAX_NUMBER_BYTES = 32;

/** A string of at most 256 bytes of UTF-8 or a safe integer. Progress tokens obey the same rule. */
export function isJsonRpcId(value: unknown): value is JsonRpcId {
  if (typeof value === 'string') {
    return value.length * 3 <= MAX_BYTES || (value.length <= MAX_BYTES && Buffer.byteLength(value) <= MAX_BYTES);
  }
  return Number.isSafeInteger(value);
}

/** An id is answered as it was written, so its spelling is bounded as well (`1.000…0` is an integer). */
export function isBoundedSpelling(id: JsonRpcId, span: Span | undefined): boolean {
  return typeof id === 'string' || span === undefined || span.end - span.start <= MAX_NUMBER_BYTES;
}
