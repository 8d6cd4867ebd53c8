/** A half-open range of bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What one lexical pass learns of a JSON text. Spans cover raw values without the white space around them, at the top
 * of the text and inside a top-level `params` object; of a repeated member the last one counts, as in JSON.parse.
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
}

/** A text deeper than the limit, or one whose brackets or quotes do not close. */
export type ScanFault = 'too_deep' | 'unbalanced';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** Below this many bytes a loop is cheaper than the call into native code. */
const NEAR = 32;

type Slot = Exclude<keyof JsonScan, 'depth' | 'members'>;

interface Word {
  readonly slot: Slot;
  readonly text: string;
  readonly bytes: Buffer;
}

const TOP = [word('id'), word('method'), word('params'), word('result'), word('error')];
const IN_PARAMS = [word('name'), word('uri'), word('taskId'), word('arguments'), word('meta', '_meta')];
/** No spelling of a known word is longer, not even with each letter as `\u006e`. */
const LONGEST = 6 * 'arguments'.length;

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
}

/**
 * One pass over UTF-8 JSON without building values: depth, members, and the spans of a few values, so that a caller can
 * replace one of them and leave every other byte (1.0, 12345678901234567890) as it was. It judges nothing else:
 * JSON.parse decides whether the text is JSON, and the spans mean something only if it is.
 */
export function scanJson(bytes: Buffer, maxDepth: number): JsonScan | ScanFault {
  const scan = new Scan();
  const length = bytes.length;
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let keyStart = 0;
  let keyEnd = 0;
  let outer: Slot | undefined;
  let outerStart = 0;
  let inner: Slot | undefined;
  let innerStart = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) {
      keyStart = i + 1;
      i = closingQuote(bytes, keyStart);
      if (i === -1) return 'unbalanced';
      keyEnd = i;
    } else if (byte === COMMA || byte === 0x7d || byte === 0x5d) {
      if (depth === 2 && inner !== undefined) {
        scan[inner] = span(bytes, innerStart, i);
        inner = undefined;
      } else if (depth === 1 && outer !== undefined) {
        scan[outer] = span(bytes, outerStart, i);
        outer = undefined;
      }
      if (byte !== COMMA && --depth < 0) return 'unbalanced';
    } else if (byte === COLON) {
      members++;
      if (depth === 1) {
        outer = slot(TOP, bytes, keyStart, keyEnd);
        outerStart = i + 1;
      } else if (depth === 2 && outer === 'params') {
        inner = slot(IN_PARAMS, bytes, keyStart, keyEnd);
        innerStart = i + 1;
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > deepest) {
        deepest = depth;
        if (depth > maxDepth) return 'too_deep';
      }
    }
  }
  if (depth !== 0) return 'unbalanced';
  scan.depth = deepest;
  scan.members = members;
  return scan;
}

/** Index of the quote that ends the string whose first byte is `from`, or -1. */
function closingQuote(bytes: Buffer, from: number): number {
  const length = bytes.length;
  let i = from;
  for (;;) {
    const near = i + NEAR < length ? i + NEAR : length;
    while (i < near) {
      const byte = bytes[i];
      if (byte === QUOTE) return i;
      i += byte === BACKSLASH ? 2 : 1;
    }
    const quote = bytes.indexOf(QUOTE, i);
    if (quote === -1) return -1;
    // An even run of backslashes escapes itself. It can't reach back beyond i: what stands before i is complete.
    let slash = quote;
    while (slash > i && bytes[slash - 1] === BACKSLASH) slash--;
    if ((quote - slash) % 2 === 0) return quote;
    i = quote + 1;
  }
}

function word(slot: Slot, text: string = slot): Word {
  return { slot, text, bytes: Buffer.from(text) };
}

/** The span between a colon and the comma or bracket that ends the value, without white space. */
function span(bytes: Buffer, from: number, to: number): Span {
  let start = from;
  let end = to;
  while (start < end && isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return { start, end };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function slot(words: readonly Word[], bytes: Buffer, start: number, end: number): Slot | undefined {
  const length = end - start;
  if (length > LONGEST) return undefined;
  for (const known of words) {
    if (known.bytes.length === length && matches(known.bytes, bytes, start)) return known.slot;
  }
  return escapedSlot(words, bytes, start, end);
}

function matches(known: Buffer, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}

/** JSON.parse reads `"na\u006de"` as `name`, so the spans have to as well. */
function escapedSlot(words: readonly Word[], bytes: Buffer, start: number, end: number): Slot | undefined {
  for (let i = start; i < end; i++) {
    if (bytes[i] === BACKSLASH) {
      const text = unescaped(bytes.toString('latin1', start - 1, end + 1));
      return words.find((known) => known.text === text)?.slot;
    }
  }
  return undefined;
}

function unescaped(literal: string): unknown {
  try {
    return JSON.parse(literal);
  } catch {
    return undefined;
  }
}
