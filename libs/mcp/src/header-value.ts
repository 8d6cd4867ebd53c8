import { isUtf8 } from 'node:buffer';

const PREFIX = '=?base64?';
const SUFFIX = '?=';

/**
 * The value that an `Mcp-Name` or `Mcp-Param-*` header stands for, or undefined where it must be refused: bytes outside
 * 0x20–0x7E, base64 that is not canonical (what two decoders could read differently), bytes that are not UTF-8.
 * Takes the header as Node gives it, one character a byte.
 */
export function decodeHeaderValue(header: string): string | undefined {
  const value = trimOws(header);
  if (!isVisibleAscii(value)) return undefined;
  if (!value.startsWith(PREFIX) || !value.endsWith(SUFFIX)) return value;
  // In `=?base64?=` the two marks share a character: neither a literal nor an encoding.
  if (value.length < PREFIX.length + SUFFIX.length) return undefined;
  const payload = value.slice(PREFIX.length, -SUFFIX.length);
  const bytes = Buffer.from(payload, 'base64');
  return bytes.toString('base64') === payload && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** A value as a header may carry it: as it is if that survives the wire and can't be taken for an encoding. */
export function encodeHeaderValue(value: string): string {
  if (isVisibleAscii(value) && trimOws(value) === value && !value.startsWith(PREFIX)) return value;
  return `${PREFIX}${Buffer.from(value, 'utf8').toString('base64')}${SUFFIX}`;
}

/** Without optional white space (RFC 9110: space and tab) at its ends. */
export function trimOws(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isOws(value.charCodeAt(start))) start++;
  while (end > start && isOws(value.charCodeAt(end - 1))) end--;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isVisibleAscii(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
