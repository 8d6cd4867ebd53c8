import type { Span } from '../json-scan.js';
import { objectMembers } from './object-members.js';

/** The members on the way to a value. */
export type MemberPath = readonly string[];

const OPEN_BRACE = 0x7b;

/** Where a value stands. Of a member that is given more than once the last, which is the one that JSON.parse takes. */
export function spanAt(message: Buffer, path: MemberPath): Span | undefined {
  let { start, end } = { start: message.indexOf(OPEN_BRACE), end: message.length };
  for (const member of path) {
    if (message[start] !== OPEN_BRACE) return undefined;
    const found = objectMembers(message.subarray(start, end)).findLast(({ key }) => key === member);
    if (!found) return undefined;
    end = start + found.value.end;
    start += found.value.start;
  }
  return { start, end };
}
