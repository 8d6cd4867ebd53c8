import { CLOSE, closingQuote, COLON, kindAt, OPEN, OTHER, QUOTE, trimmedSpan } from './json-lexis.js';
import { innerMembers, knownMember, MESSAGE_MEMBERS, type KnownMember } from './known-member.js';

/** A half-open range of bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What one lexical pass learns of a JSON text. Spans cover raw values without the white space around them, at the top
 * of the text and inside the top-level objects `params`, `result` and `error`.
 */
export interface JsonScan {
  /** Levels of nesting: 0 for a scalar, 1 for `{}`. */
  readonly depth: number;
  /** Object members in the whole text, repeated ones counted each time. */
  readonly members: number;
  readonly id: Span | undefined;
  readonly method: Span | undefined;
  readonly params: Span | undefined;
  readonly result: Span | undefined;
  readonly error: Span | undefined;
  /** `params.name`, and so on. */
  readonly name: Span | undefined;
  readonly uri: Span | undefined;
  readonly taskId: Span | undefined;
  readonly arguments: Span | undefined;
  readonly meta: Span | undefined;
  /** `result.resultType`, and so on. */
  readonly resultType: Span | undefined;
  readonly ttlMs: Span | undefined;
  readonly cacheScope: Span | undefined;
  readonly isError: Span | undefined;
  readonly structuredContent: Span | undefined;
  /** `error.code`. */
  readonly errorCode: Span | undefined;
}

/** A text deeper than the limit; or one whose brackets or quotes do not close, or that is more than one value. */
export type ScanFault = 'too_deep' | 'unbalanced';

class Scan implements JsonScan {
  depth = 0;
  members = 0;
  id: Span | undefined = undefined;
  method: Span | undefined = undefined;
  params: Span | undefined = undefined;
  result: Span | undefined = undefined;
  error: Span | undefined = undefined;
  name: Span | undefined = undefined;
  uri: Span | undefined = undefined;
  taskId: Span | undefined = undefined;
  arguments: Span | undefined = undefined;
  meta: Span | undefined = undefined;
  resultType: Span | undefined = undefined;
  ttlMs: Span | undefined = undefined;
  cacheScope: Span | undefined = undefined;
  isError: Span | undefined = undefined;
  structuredContent: Span | undefined = undefined;
  errorCode: Span | undefined = undefined;
  #outer: KnownMember | undefined = undefined;
  #outerStart = 0;
  #inner: KnownMember | undefined = undefined;
  #innerStart = 0;

  /** A colon at `colon` follows the key between the two quotes. */
  memberStarts(depth: number, bytes: Buffer, keyStart: number, keyEnd: number, colon: number): void {
    if (depth === 1) {
      this.#outer = knownMember(MESSAGE_MEMBERS, bytes, keyStart, keyEnd);
      this.#outerStart = colon + 1;
    } else if (this.#outer !== undefined) {
      const words = innerMembers(this.#outer);
      if (words === undefined) return;
      this.#inner = knownMember(words, bytes, keyStart, keyEnd);
      this.#innerStart = colon + 1;
    }
  }

  /** A comma or a closing bracket stands at `end`. */
  memberEnds(depth: number, bytes: Buffer, end: number): void {
    if (depth === 2 && this.#inner !== undefined) {
      this[this.#inner] = trimmedSpan(bytes, this.#innerStart, end);
      this.#inner = undefined;
    } else if (depth === 1 && this.#outer !== undefined) {
      this[this.#outer] = trimmedSpan(bytes, this.#outerStart, end);
      this.#outer = undefined;
    }
  }
}

/**
 * One pass over UTF-8 JSON without building values: depth, members, and the spans of a few values, so that a caller can
 * replace one of them and leave every other byte (1.0, 12345678901234567890) as it was. It judges nothing else:
 * JSON.parse decides whether the text is JSON, and the spans mean something only if it is.
 * `latin1` is the same bytes read as latin1, for a caller that has them: strings are skipped by its native search.
 */
export function scanJson(bytes: Buffer, maxDepth: number, latin1 = bytes.toString('latin1')): JsonScan | ScanFault {
  const scan = new Scan();
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let keyStart = 0;
  let keyEnd = 0;
  let closed = 0;
  for (let i = 0; i < bytes.length; i++) {
    const kind = kindAt(bytes, i);
    if (kind === OTHER) continue;
    if (kind === QUOTE) {
      keyStart = i + 1;
      keyEnd = closingQuote(bytes, latin1, keyStart);
      if (keyEnd === -1) return 'unbalanced';
      i = keyEnd;
    } else if (kind === COLON) {
      members++;
      if (depth <= 2) scan.memberStarts(depth, bytes, keyStart, keyEnd, i);
    } else if (kind === OPEN) {
      // Nothing may stand beside the value: in a batch it would become an answer of its own.
      if (depth === 0 && !isBlank(bytes, 0, i)) return 'unbalanced';
      if (++depth > maxDepth) return 'too_deep';
      if (depth > deepest) deepest = depth;
    } else {
      if (depth <= 2) scan.memberEnds(depth, bytes, i);
      if (kind === CLOSE && --depth < 0) return 'unbalanced';
      if (depth === 0 && kind === CLOSE) closed = i + 1;
    }
  }
  if (depth !== 0 || (closed > 0 && !isBlank(bytes, closed, bytes.length))) return 'unbalanced';
  scan.depth = deepest;
  scan.members = members;
  return scan;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  const { start, end } = trimmedSpan(bytes, from, to);
  return start === end;
}
