import { randomUUID } from 'node:crypto';

/** A UUID of version 7 (RFC 9562, section 5.7) as 32 hex digits: ids of later milliseconds sort after earlier ones. */
export function arrivalId(milliseconds: number): string {
  return prefix(milliseconds) + '7' + randomUUID().replaceAll('-', '').slice(13);
}

/** Sorts before every id of that millisecond, and after every id of the ones before. */
export function prefix(milliseconds: number): string {
  return milliseconds.toString(16).padStart(12, '0');
}
