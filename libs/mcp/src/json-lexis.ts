import type { Span } from './json-scan.js';

const BACKSLASH = 0x5c;

export const OTHER = 0;
export const QUOTE = 1;
export const COMMA = 2;
export const COLON = 3;
export const OPEN = 4;
export const CLOSE = 5;

const KINDS = new Uint8Array(256);
KINDS[0x22] = QUOTE;
KINDS[0x2c] = COMMA;
KINDS[0x3a] = COLON;
KINDS[0x5b] = OPEN;
KINDS[0x7b] = OPEN;
KINDS[0x5d] = CLOSE;
KINDS[0x7d] = CLOSE;

/** What the byte at `index` means, if it stands outside of a string. */
export function kindAt(bytes: Buffer, index: number): number {
  return KINDS[bytes[index] ?? 0] ?? OTHER;
}

/** Index of the quote that ends the string whose first byte is at `from`, or -1. `latin1` is `bytes` read as latin1. */
export function closingQuote(bytes: Buffer, latin1: string, from: number): number {
  let quote = latin1.indexOf('"', from);
  while (quote > from && bytes[quote - 1] === BACKSLASH) {
    // A run of backslashes of even length escapes itself.
    let run = quote - 1;
    while (run > from && bytes[run - 1] === BACKSLASH) run--;
    if ((quote - run) % 2 === 0) break;
    quote = latin1.indexOf('"', quote + 1);
  }
  return quote;
}

/** The bytes from `from` to before `to` without white space at the ends. */
export function trimmedSpan(bytes: Buffer, from: number, to: number): Span {
  let start = from;
  let end = to;
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return { start, end };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
