import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { ContentLimitError } from './content-limits.js';
import type { Encoding } from './reading.js';

export interface DecodedRun {
  /** Offsets in the run. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly encoding: Encoding;
}

/** Eight bytes of hex, twelve of base64: shorter ones hold nothing worth hiding. */
export const LEAST_RUN = 16;
const HEX = /[0-9a-fA-F]{16,}/g;
const READABLE = /[\x20-\x7e\t\r\n]{10,}/g;
const CONTROL = /[^\P{Control}\t\n\r]/u;
const UPPER = /[A-Z]/;
const MOST_UNZIPPED = 1024 * 1024;
const LEAST_GROUPS = 4;

/**
 * @param run characters of the base64 and base64url alphabets, at least LEAST_RUN
 * @returns what in it decodes to text, in order and disjoint
 */
export function decodeRun(run: string): readonly DecodedRun[] {
  const hex = decodeHex(run);
  // Base64 of a text of some length has upper case, which paths and identifiers mostly have not.
  return hex.length > 0 || !UPPER.test(run) ? hex : decodeBase64(run);
}

function decodeHex(run: string): DecodedRun[] {
  const found: DecodedRun[] = [];
  for (const { 0: digits, index } of run.matchAll(HEX)) {
    // 0x and an odd digit before it.
    const from = index + (digits.length % 2);
    const text = textOf(Buffer.from(run.slice(from, index + digits.length), 'hex'));
    if (text !== undefined) found.push({ from, to: index + digits.length, text, encoding: 'hex' });
  }
  return found;
}

function decodeBase64(run: string): readonly DecodedRun[] {
  const bytes = Buffer.from(run, 'base64');
  const whole = textOf(bytes);
  if (whole !== undefined) return [{ from: 0, to: run.length, text: whole, encoding: 'base64' }];
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const text = unzipped(bytes);
    if (text !== undefined) return [{ from: 0, to: run.length, text, encoding: 'gzip' }];
  }
  for (let offset = 0; offset < 4; offset++) {
    const found = readableGroups(run, offset);
    if (found.length > 0) return found;
  }
  return [];
}

/** Text that something else stands before or behind, so that its groups of four begin anywhere. */
function readableGroups(run: string, offset: number): DecodedRun[] {
  const found: DecodedRun[] = [];
  let start = offset;
  for (let at = offset; at <= run.length; at += 4) {
    if (at < run.length && beginsAscii(run.charCodeAt(at))) continue;
    if (at - start >= 4 * LEAST_GROUPS) found.push(...readable(run, start, Math.min(at, run.length)));
    start = at + 4;
  }
  const end = run.length - ((run.length - offset) % 4);
  if (found.length === 0 && run.length - start >= 4 * LEAST_GROUPS) found.push(...readable(run, start, end));
  return found;
}

function readable(run: string, start: number, end: number): DecodedRun[] {
  const latin1 = Buffer.from(run.slice(start, end), 'base64').toString('latin1');
  return [...latin1.matchAll(READABLE)].map(({ 0: text, index }) => ({
    from: start + Math.floor((index * 4) / 3),
    to: Math.min(end, start + Math.ceil(((index + text.length) * 4) / 3)),
    text,
    encoding: 'base64',
  }));
}

/** The first of four characters has the upper bits of a byte: C and D of a line break, I to Z and a to f of the rest. */
function beginsAscii(code: number): boolean {
  return (code >= 0x49 && code <= 0x5a) || (code >= 0x61 && code <= 0x66) || code === 0x43 || code === 0x44;
}

function unzipped(bytes: Buffer): string | undefined {
  try {
    return textOf(gunzipSync(bytes, { maxOutputLength: MOST_UNZIPPED }));
  } catch (error) {
    // What would be larger can't be judged; what is damaged nobody can read.
    if (error instanceof RangeError) throw new ContentLimitError('decoded', MOST_UNZIPPED);
    return undefined;
  }
}

function textOf(bytes: Buffer): string | undefined {
  if (bytes.length === 0 || !isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  return CONTROL.test(text) ? undefined : text;
}
