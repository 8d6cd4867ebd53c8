import { objectMembers } from '../bridge/object-members.js';
import type { JsonScan, Span } from '../json-scan.js';
import { type Replacement, splice } from '../splice.js';

/** A request under the number of its channel, with what its caller called it: JSON texts. */
export interface Renumbered {
  readonly bytes: Buffer;
  readonly id: string;
  readonly progressToken: string | undefined;
}

const textOf = (bytes: Buffer, { start, end }: Span): string => bytes.toString('utf8', start, end);

/**
 * Callers choose ids and progress tokens each for themselves, but a channel has one space of them for all. Every other
 * byte stays.
 */
export function renumbered(bytes: Buffer, { id, meta }: JsonScan, number: number): Renumbered {
  if (!id) throw new RangeError('only a request can be renumbered');
  const ours = Buffer.from(String(number));
  const token = meta && progressTokenIn(bytes, meta);
  const edits: Replacement[] = [{ span: id, bytes: ours }];
  if (token) edits.push({ span: token, bytes: ours });
  return { bytes: splice(bytes, edits), id: textOf(bytes, id), progressToken: token && textOf(bytes, token) };
}

/** A notification of progress under the token of the caller. */
export function withProgressToken(bytes: Buffer, params: Span, token: string): Buffer {
  const span = memberOf(bytes, params, 'progressToken');
  return span ? splice(bytes, [{ span, bytes: Buffer.from(token) }]) : bytes;
}

const progressTokenIn = (bytes: Buffer, meta: Span): Span | undefined =>
  bytes[meta.start] === 0x7b ? memberOf(bytes, meta, 'progressToken') : undefined;

/** The raw value of a member of an object. */
export function memberOf(bytes: Buffer, object: Span, key: string): Span | undefined {
  const inner = bytes.subarray(object.start, object.end);
  const member = objectMembers(inner).findLast((one) => one.key === key);
  if (!member) return undefined;
  const start = member.bytes.byteOffset - bytes.byteOffset;
  const colon = start + member.bytes.indexOf(0x3a, keyLength(member.bytes));
  const value = bytes.toString('latin1', colon + 1, start + member.bytes.length);
  const blank = value.length - value.trimStart().length;
  return { start: colon + 1 + blank, end: start + member.bytes.length };
}

/** A key may hold a colon, so it is stepped over. */
function keyLength(member: Buffer): number {
  let at = 1;
  while (at < member.length && member[at] !== 0x22) at += member[at] === 0x5c ? 2 : 1;
  return at;
}
