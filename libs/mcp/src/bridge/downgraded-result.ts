import { type JsonScan, scanJson, type Span } from '../json-scan.js';
import { splice } from '../splice.js';

const NOTHING = Buffer.alloc(0);
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;

/** The members of a result that no revision before 2026-07-28 knows. */
const MODERN_ONLY = ['resultType', 'ttlMs', 'cacheScope'] as const;

/**
 * An answer of a modern upstream for an older client: without what only 2026-07-28 knows, `structuredContent` an object.
 * Every other byte stays as it was, so that numbers keep their digits.
 */
export function downgradedResult(answer: Buffer, maxDepth: number): Buffer {
  let bytes = answer;
  for (const member of MODERN_ONLY) bytes = edited(bytes, maxDepth, (scan) => cut(bytes, scan[member]));
  return edited(bytes, maxDepth, ({ structuredContent: span }) => wrapped(bytes, span));
}

interface Edit {
  readonly span: Span;
  readonly bytes: Buffer;
}

/** One edit at a time: two members that go share a comma. */
function edited(bytes: Buffer, maxDepth: number, edit: (scan: JsonScan) => Edit | undefined): Buffer {
  const scan = scanJson(bytes, maxDepth);
  const replacement = typeof scan === 'string' ? undefined : edit(scan);
  return replacement ? splice(bytes, [replacement]) : bytes;
}

/** The member around a value, with the comma after it or else the one before. */
function cut(bytes: Buffer, value: Span | undefined): Edit | undefined {
  if (!value) return undefined;
  const keyEnd = bytes.lastIndexOf(QUOTE, bytes.lastIndexOf(COLON, value.start - 1));
  let start = bytes.lastIndexOf(QUOTE, keyEnd - 1);
  let end = value.end;
  while (isSpace(bytes[end])) end++;
  if (bytes[end] === COMMA) {
    do end++;
    while (isSpace(bytes[end]));
  } else {
    const before = bytes.lastIndexOf(COMMA, start);
    if (before !== -1 && bytes.toString('latin1', before + 1, start).trim() === '') start = before;
  }
  return { span: { start, end }, bytes: NOTHING };
}

function wrapped(bytes: Buffer, value: Span | undefined): Edit | undefined {
  if (!value || bytes[value.start] === OPEN_BRACE) return undefined;
  return {
    span: value,
    bytes: Buffer.concat([Buffer.from('{"result":'), bytes.subarray(value.start, value.end), Buffer.from('}')]),
  };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
