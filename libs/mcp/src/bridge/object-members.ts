import { CLOSE, closingQuote, COLON, COMMA, kindAt, OPEN, QUOTE, trimmedSpan } from '../json-lexis.js';
import type { Span } from '../json-scan.js';

/** One member of an object as it was written. */
export interface RawMember {
  readonly key: string;
  /** The key, the colon and the value. */
  readonly bytes: Buffer;
  /** Where in the object its value stands. */
  readonly value: Span;
}

/** The members of a JSON object, in order and byte by byte. The text has to be one: somebody has parsed it. */
export function objectMembers(object: Buffer): RawMember[] {
  const latin1 = object.toString('latin1');
  const members: RawMember[] = [];
  let depth = 0;
  let start = -1;
  let colon = -1;
  let key = '';
  for (let i = 0; i < object.length; i++) {
    const kind = kindAt(object, i);
    if (kind === QUOTE) {
      const end = closingQuote(object, latin1, i + 1);
      if (start === -1) {
        start = i;
        key = JSON.parse(object.toString('utf8', i, end + 1)) as string;
      }
      i = end;
    } else if (kind === OPEN) depth++;
    else if (kind === COLON && depth === 1) colon = i;
    else if (kind === COMMA || kind === CLOSE) {
      if (depth === 1 && start !== -1) {
        const { end } = trimmedSpan(object, start, i);
        members.push({ key, bytes: object.subarray(start, end), value: trimmedSpan(object, colon + 1, i) });
        start = -1;
      }
      if (kind === CLOSE) depth--;
    }
  }
  return members;
}
