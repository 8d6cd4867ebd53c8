import { isUtf8 } from 'node:buffer';
import type { ExfilEncoding } from './run-finder.js';

export interface Decoded {
  readonly text: string;
  /** How many bytes the text was. */
  readonly length: number;
}

/** Of bytes that are no UTF-8, so many must be readable all the same: a text may be cut, or of an older alphabet. */
const LEAST_READABLE = 0.9;
/** More of them are in no text. */
const MOST_CONTROLS = 0.05;

/**
 * What the run says, if that is a text: images, hashes and keys are none.
 * @param leastPrintable share of printable characters, 0 to 1
 */
export function decodedText(run: string, encoding: ExfilEncoding, leastPrintable: number): Decoded | undefined {
  if (encoding === 'hex') return textOf(Buffer.from(run.startsWith('0x') ? run.slice(2) : run, 'hex'), leastPrintable);
  if (encoding === 'percent_encoding' || encoding === 'escaped_hex') {
    const bytes = Buffer.from(run.replaceAll(/%|\\x|\\u00/g, ''), 'hex');
    return isNeedless(bytes) ? textOf(bytes, leastPrintable) : undefined;
  }
  // Something else may stand before it, so that its groups of four begin anywhere.
  for (let offset = 0; offset < 4; offset++) {
    const decoded = textOf(Buffer.from(run.slice(offset), 'base64'), leastPrintable);
    if (decoded) return decoded;
  }
  return undefined;
}

function textOf(bytes: Buffer, leastPrintable: number): Decoded | undefined {
  const { length } = bytes;
  if (isUtf16(bytes)) return { text: bytes.toString('utf16le'), length };
  const whole = isUtf8(bytes) || isUtf8(bytes.subarray(0, endOfWhole(bytes)));
  const least = whole ? leastPrintable : Math.max(leastPrintable, LEAST_READABLE);
  const most = { unprintable: (1 - least) * length, controls: MOST_CONTROLS * length };
  let [unprintable, controls] = [0, 0];
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127)) continue;
    const isControl = byte < 32 || byte === 127;
    if (isControl && ++controls > most.controls) return undefined;
    if ((isControl || !whole) && ++unprintable > most.unprintable) return undefined;
  }
  return { text: bytes.toString(whole ? 'utf8' : 'latin1'), length };
}

/** Where the last whole character ends: a run may be cut in the middle of one. */
function endOfWhole(bytes: Buffer): number {
  let end = bytes.length;
  while (end > bytes.length - 4 && end > 0 && (bytes[end - 1] ?? 0) >= 0x80) end--;
  return end;
}

/** As PowerShell encodes its commands. */
function isUtf16(bytes: Buffer): boolean {
  if (bytes.length < 8 || bytes.length % 2 === 1) return false;
  for (let at = 0; at < bytes.length; at += 2) if (bytes[at + 1] !== 0 || (bytes[at] ?? 0) < 9) return false;
  return true;
}

/** Letters of ASCII need no escapes; those of other alphabets do, and nothing follows from them. */
function isNeedless(bytes: Buffer): boolean {
  let plain = 0;
  for (const byte of bytes)
    if ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)) plain++;
  return plain * 2 >= bytes.length;
}
