import type { Span } from './json-scan.js';

/** Bytes to put in place of a span. */
export interface Replacement {
  readonly span: Span;
  readonly bytes: Buffer;
}

/**
 * A copy with each span replaced and every other byte as it was.
 * @throws RangeError when spans overlap or lie outside: then somebody mixed the spans of two bodies.
 */
export function splice(source: Buffer, replacements: readonly Replacement[]): Buffer {
  const ordered = replacements.toSorted((a, b) => a.span.start - b.span.start);
  const parts: Buffer[] = [];
  let at = 0;
  for (const { span, bytes } of ordered) {
    if (span.start < at || span.end < span.start || span.end > source.length) {
      throw new RangeError(`the span ${span.start}–${span.end} overlaps another or is outside of the body`);
    }
    parts.push(source.subarray(at, span.start), bytes);
    at = span.end;
  }
  parts.push(source.subarray(at));
  return Buffer.concat(parts);
}
