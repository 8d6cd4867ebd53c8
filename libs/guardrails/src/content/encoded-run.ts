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

/** Nine bytes of base64, an identity number; eight of hex. */
export const LEAST_RUN = 12;
const LEAST_HEX = 16;
const CONTROL = /[^\P{Control}\t\n\r]/u;
const MOST_UNZIPPED = 1024 * 1024;
/** Of four base64 characters, and of readable bytes in them, where something else stands before the text. */
const LEAST_GROUPS = 5;
const LEAST_READABLE = 10;

/**
 * No regular expression here: on a run of megabytes it would exhaust the stack that it backtracks on.
 * @param run characters of the base64 and base64url alphabets, at least LEAST_RUN
 * @param mayBeBase64 whether that is worth a try
 * @returns what in it decodes to text, in order and disjoint
 */
export function decodeRun(run: string, mayBeBase64: boolean): readonly DecodedRun[] {
  const hex = decodeHex(run);
  return hex.length > 0 || !mayBeBase64 ? hex : decodeBase64(run);
}

/** The one text that all of a run is; undefined where there is none. */
export function decodeWhole(run: string): DecodedRun | undefined {
  const [hex] = run.length % 2 === 0 ? decodeHex(run) : [];
  return hex?.from === 0 && hex.to === run.length ? hex : wholeBase64(run, Buffer.from(run, 'base64'));
}

function decodeHex(run: string): DecodedRun[] {
  const found: DecodedRun[] = [];
  for (const [start, end] of stretches(run.length, LEAST_HEX, (at) => isHex(run.charCodeAt(at)))) {
    // An odd digit is the 0 of 0x.
    const from = start + ((end - start) % 2);
    const text = textOf(Buffer.from(run.slice(from, end), 'hex'));
    if (text !== undefined) found.push({ from, to: end, text, encoding: 'hex' });
  }
  return found;
}

function decodeBase64(run: string): readonly DecodedRun[] {
  const whole = wholeBase64(run, Buffer.from(run, 'base64'));
  if (whole) return [whole];
  for (let offset = 0; offset < 4; offset++) {
    const found = readableGroups(run, offset);
    if (found.length > 0) return found;
  }
  return [];
}

function wholeBase64({ length: to }: string, bytes: Buffer): DecodedRun | undefined {
  const plain = textOf(bytes);
  if (plain !== undefined) return { from: 0, to, text: plain, encoding: 'base64' };
  const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? unzipped(bytes) : undefined;
  return text === undefined ? undefined : { from: 0, to, text, encoding: 'gzip' };
}

/** Text that something else stands before or behind, so that its groups of four begin anywhere. */
function readableGroups(run: string, offset: number): DecodedRun[] {
  const groups = Math.floor((run.length - offset) / 4);
  const found: DecodedRun[] = [];
  for (const [first, last] of stretches(groups, LEAST_GROUPS, (at) => beginsAscii(run.charCodeAt(offset + 4 * at)))) {
    const start = offset + 4 * first;
    const bytes = Buffer.from(run.slice(start, offset + 4 * last + 4), 'base64');
    for (const [from, to] of stretches(bytes.length, LEAST_READABLE, (at) => isReadable(bytes[at] ?? 0))) {
      found.push({
        from: start + Math.floor((from * 4) / 3),
        to: Math.min(run.length, start + Math.ceil((to * 4) / 3)),
        text: bytes.toString('latin1', from, to),
        encoding: 'base64',
      });
    }
  }
  return found;
}

/** Rows of at least so many neighbours that pass: [start, end). */
function stretches(length: number, least: number, passes: (at: number) => boolean): [number, number][] {
  const found: [number, number][] = [];
  let start = 0;
  for (let at = 0; at <= length; at++) {
    if (at < length && passes(at)) continue;
    if (at - start >= least) found.push([start, at]);
    start = at + 1;
  }
  return found;
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

function isReadable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
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
