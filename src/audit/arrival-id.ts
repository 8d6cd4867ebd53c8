import { randomUUID } from 'node:crypto';

/** A UUID of version 7 (RFC 9562, section 5.7) as 32 hex digits: ids of later milliseconds sort after earlier ones. */
export function arrivalId(milliseconds: number): string {
  const random = randomUUID();
  return `${prefix(milliseconds)}7${random.slice(15, 18)}${random.slice(19, 23)}${random.slice(24)}`;
}

/** Sorts before every id of that millisecond, and after every id of the ones before. */
export function prefix(milliseconds: number): string {
  return milliseconds.toString(16).padStart(12, '0');
}
