import { decodeHTMLStrict } from 'entities';
import type { ContentBudget } from './content-limits.js';
import { decodeRun, decodeWhole, LEAST_RUN } from './encoded-run.js';
import { foldCharacter, FOLDS, latinLookalike, LETTER, LOOKS_LATIN, traitsOf } from './fold.js';
import { type Encoding, type Reading, ReadingBuilder } from './reading.js';

/** Bits of what an ASCII character may be part of: a base64 or hex run, or the beginning of an escape. */
const [LOWER, UPPER, DIGIT, SIGN, SPECIAL] = [1, 2, 4, 8, 16];
const RUN = LOWER | UPPER | DIGIT | SIGN;
/** Text in base64 has both cases, as paths and identifiers mostly have not; text in hex has digits. */
const BASE64 = LOWER | UPPER;
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classOf(String.fromCharCode(code)));
const HEX = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code | 32)));
const ENTITY = /&(?:#[xX]0{0,16}[0-9a-fA-F]{1,6};?|#0{0,16}[0-9]{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};)/y;
/** Programs break lines at 60 to 76 characters. */
const LEAST_LINE = 40;
/** A text that is nothing else: the padding tells base64 where shortness or letters of one case do not. */
const PADDED = /^[\w+/-]{10,62}={1,2}$/;
/** With the indentation of the next line, as in YAML. */
const LINE_BREAK = /(?:\r?\n|\r)[ \t]{0,32}/y;
/** What colours and moves the text of a terminal (ECMA-48), behind its ESC. */
const TERMINAL = /\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\p{Control}]{0,2048}(?:\p{Control}\\?)?/uy;
const ESC = 0x1b;
const BRACED = /\{([0-9a-fA-F]{1,6})\}/y;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\', '/': '/' }),
);

/**
 * The text with everything decoded that is encoded in it, of whatever kind; nothing when there is none. What was
 * encoded twice needs a second reading of the first. One pass in linear time.
 * @throws ContentLimitError
 */
export function decodeOnce(text: string, budget: ContentBudget): Reading | undefined {
  return new Decoding(text, budget).run();
}

class Decoding {
  #reading: ReadingBuilder | undefined;
  #mixedUntil = 0;
  #isMixed = false;
  /** Lines so far were tried together. */
  #linesUntil = 0;

  constructor(
    private readonly text: string,
    private readonly budget: ContentBudget,
  ) {}

  run(): Reading | undefined {
    const { text } = this;
    const padded = text.endsWith('=') && text.length % 4 === 0 && PADDED.test(text) ? this.#padded() : undefined;
    if (padded) return padded;
    if (hasNothingSpecial(text)) return this.#runsAlone();
    const { length } = text;
    let runStart = 0;
    let seen = 0;
    let at = 0;
    while (at < length) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? (CLASSES[code] as number) : SPECIAL;
      if ((kind & RUN) !== 0) {
        seen |= kind;
        at++;
        continue;
      }
      const end = at - runStart >= LEAST_LINE ? this.#lines(runStart, at) : undefined;
      if (end !== undefined) {
        runStart = at = end;
        seen = 0;
        continue;
      }
      if (at - runStart >= LEAST_RUN) this.#run(runStart, at, seen);
      at = kind === 0 ? at + 1 : this.#special(code, at);
      runStart = at;
      seen = 0;
    }
    if (at - runStart >= LEAST_RUN) this.#run(runStart, at, seen);
    return this.#reading?.finish();
  }

  #padded(): Reading | undefined {
    const whole = decodeWhole(this.text.replace(/=+$/, ''));
    if (whole) this.#put(0, this.text.length, whole.text, whole.encoding);
    return this.#reading?.finish();
  }

  /** A run is met at every step that is no wider than the shortest. */
  #runsAlone(): Reading | undefined {
    const { text } = this;
    for (let at = LEAST_RUN - 1; at < text.length; at += LEAST_RUN) {
      let seen = CLASSES[text.charCodeAt(at)]! & RUN;
      if (seen === 0) continue;
      let [start, end] = [at, at + 1];
      for (let kind; start > 0 && (kind = CLASSES[text.charCodeAt(start - 1)]! & RUN) !== 0; start--) seen |= kind;
      for (let kind; end < text.length && (kind = CLASSES[text.charCodeAt(end)]! & RUN) !== 0; end++) seen |= kind;
      const done = end - start >= LEAST_LINE ? this.#lines(start, end) : undefined;
      if (done === undefined && end - start >= LEAST_RUN) this.#run(start, end, seen);
      // A run may begin right behind the sign that pads lines.
      at = done === undefined ? end : done - 1;
    }
    return this.#reading?.finish();
  }

  /**
   * Decodes what programs break into lines of one length.
   * @returns where it ends; undefined where no such lines begin, or they are no text
   */
  #lines(from: number, firstEnd: number): number | undefined {
    const { text } = this;
    if (from < this.#linesUntil || !matchAt(LINE_BREAK, text, firstEnd)) return undefined;
    const width = firstEnd - from;
    const ends: number[] = [];
    for (let end = firstEnd, isFull = true; isFull;) {
      const start = end + (matchAt(LINE_BREAK, text, end)?.[0].length ?? 0);
      if (start === end) break;
      end = start;
      while (end < start + width && isOfRun(text.charCodeAt(end))) end++;
      isFull = end === start + width;
      if (end === start || isOfRun(text.charCodeAt(end))) break;
      for (const last = end; end < last + 2 && text[end] === '=';) end++;
      ends.push(end);
    }
    // A short word behind them is perhaps none of them.
    for (const end of ends.slice(-2).reverse()) {
      const whole = decodeWhole(text.slice(from, end).replaceAll(/[\s=]/g, ''));
      if (whole) return this.#put(from, end, whole.text, whole.encoding);
    }
    this.#linesUntil = ends.at(-1) ?? 0;
    return undefined;
  }

  /** A run that touches something encoded is part of it: it is whole in the next reading. */
  #run(from: number, to: number, seen: number): void {
    const mayBeBase64 = (seen & BASE64) === BASE64;
    if (!mayBeBase64 && (seen & DIGIT) === 0) return;
    if (from > 0 && this.#reading?.done === from) return;
    const { text } = this;
    if (to < text.length && this.#isEncodedAt(to)) return;
    let end = to;
    while (end < to + 2 && text[end] === '=') end++;
    for (const run of decodeRun(text.slice(from, to), mayBeBase64)) {
      const runEnd = run.to === to - from ? end : from + run.to;
      this.#put(from + run.from, runEnd, run.text, run.encoding);
    }
  }

  #isEncodedAt(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code === 0x25) return this.#hex(at + 1, 2) >= 0;
    if (code === 0x26) return matchAt(ENTITY, this.text, at) !== null;
    if (code === 0x5c) return true;
    return code >= 128 && (traitsOf(this.text.codePointAt(at) ?? 0) & FOLDS) !== 0;
  }

  /** @returns where to go on */
  #special(code: number, at: number): number {
    if (code === 0x25) return this.#percent(at);
    if (code === 0x26) return this.#entity(at);
    if (code === 0x5c) return this.#escape(at);
    return code < 128 ? this.#control(at) : this.#foreign(at);
  }

  #percent(at: number): number {
    const byte = this.#hex(at + 1, 2);
    if (byte >= 0 && byte < 128) return this.#put(at, at + 3, String.fromCharCode(byte), 'url');
    if (byte >= 0) {
      const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
      const character = decodedUnit(this.text.slice(at, at + 3 * length));
      if (character !== undefined) return this.#put(at, at + 3 * length, character, 'url');
      return this.#put(at, at + 3, String.fromCharCode(byte), 'url');
    }
    const unit = this.text[at + 1] === 'u' ? this.#hex(at + 2, 4) : -1;
    return unit < 0 ? at + 1 : this.#put(at, at + 6, String.fromCharCode(unit), 'url');
  }

  #entity(at: number): number {
    const entity = matchAt(ENTITY, this.text, at)?.[0];
    if (entity === undefined) return at + 1;
    const decoded = decodeHTMLStrict(entity.endsWith(';') ? entity : `${entity};`);
    return decoded === entity ? at + 1 : this.#put(at, at + entity.length, decoded, 'html');
  }

  #escape(at: number): number {
    const kind = this.text[at + 1] ?? '';
    const short = SHORT_ESCAPES.get(kind);
    if (short !== undefined) return this.#put(at, at + 2, short, 'escape');
    if (kind === 'U') return this.#longEscape(at);
    if (kind !== 'u' && kind !== 'x') return at + 1;
    const braced = kind === 'u' ? matchAt(BRACED, this.text, at + 2) : null;
    if (braced) {
      const code = Math.min(parseInt(braced[1] ?? '', 16), 0x10ffff);
      return this.#put(at, at + 2 + braced[0].length, String.fromCodePoint(code), 'escape');
    }
    const length = kind === 'u' ? 4 : 2;
    const unit = this.#hex(at + 2, length);
    return unit < 0 ? at + 1 : this.#put(at, at + 2 + length, String.fromCharCode(unit), 'escape');
  }

  /** Of Python, Go and C: eight digits. */
  #longEscape(at: number): number {
    const code = this.#hex(at + 2, 8);
    return code < 0 || code > 0x10ffff ? at + 1 : this.#put(at, at + 10, String.fromCodePoint(code), 'escape');
  }

  #control(at: number): number {
    const { text } = this;
    let end = at;
    for (let code = text.charCodeAt(end); isUnseen(code); code = text.charCodeAt(end))
      end += 1 + (code === ESC ? (matchAt(TERMINAL, text, end + 1)?.[0].length ?? 0) : 0);
    return this.#put(at, end, '', 'folded');
  }

  #foreign(at: number): number {
    const unit = this.text.charCodeAt(at);
    const code = unit >= 0xd800 && unit < 0xdc00 ? (this.text.codePointAt(at) ?? unit) : unit;
    const end = at + (code > 0xffff ? 2 : 1);
    const traits = traitsOf(code);
    if ((traits & FOLDS) !== 0) return this.#put(at, end, foldCharacter(code), 'folded');
    if ((traits & LOOKS_LATIN) === 0 || !this.#isAmongLatin(at)) return end;
    return this.#put(at, end, latinLookalike(code), 'folded');
  }

  /** A word of another script is left as it is: only among Latin letters does a look-alike deceive. */
  #isAmongLatin(at: number): boolean {
    if (at >= this.#mixedUntil) {
      let [start, end] = [at, at + 1];
      while (start > at - 32 && this.#isWord(start - 1)) start--;
      while (end < at + 256 && this.#isWord(end)) end++;
      this.#mixedUntil = end;
      this.#isMixed = /[A-Za-z0-9]/.test(this.text.slice(start, end));
    }
    return this.#isMixed;
  }

  #isWord(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code >= 128) return (traitsOf(code) & LETTER) !== 0;
    return ((CLASSES[code] ?? 0) & (LOWER | UPPER | DIGIT)) !== 0;
  }

  /** The number that so many hexadecimal digits make; negative when there are other characters. */
  #hex(at: number, length: number): number {
    let value = 0;
    for (let index = at; index < at + length; index++) {
      const code = this.text.charCodeAt(index);
      const digit = code < 128 ? (HEX[code] as number) : -1;
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    return value;
  }

  #put(from: number, to: number, text: string, encoding: Encoding): number {
    this.budget.unit();
    this.#reading ??= new ReadingBuilder(this.text);
    this.#reading.put(from, to, text, encoding);
    return to;
  }
}

/** Only ASCII without controls, and nothing that begins an escape: asked in a fraction of the time that reading takes. */
const hasNothingSpecial = (text: string): boolean =>
  !/[^\t-\r -~]/.test(text) && !text.includes('%') && !text.includes('&') && !text.includes('\\');

function classOf(character: string): number {
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[_+/-]/.test(character)) return SIGN;
  return /[%&\\]|(?!\s)\p{Control}/u.test(character) ? SPECIAL : 0;
}

/** A control that is no white space. */
const isUnseen = (code: number): boolean => code < 9 || (code > 13 && code < 32) || code === 127;

const isOfRun = (code: number): boolean => code < 128 && ((CLASSES[code] ?? 0) & RUN) !== 0;

function decodedUnit(unit: string): string | undefined {
  try {
    return decodeURIComponent(unit);
  } catch {
    return undefined;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
