import { decodeHTMLStrict } from 'entities';
import { decodeRun, LEAST_RUN } from './encoded-run.js';
import { foldCharacter, latinLookalike } from './fold.js';
import { type Encoding, type Reading, ReadingBuilder } from './reading.js';

const [PLAIN, RUN, SPECIAL] = [0, 1, 2];
/** Of ASCII: what may be part of a base64 or hex run, and what may begin an escape. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if ('%&\\'.includes(character)) return SPECIAL;
  return /[\w+/-]/.test(character) ? RUN : PLAIN;
});

const ENTITY = /&(?:#[xX][0-9a-fA-F]{1,6};?|#[0-9]{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};)/y;
const ESCAPE = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt"'\\/]))/y;
const PERCENT = /%(?:u([0-9a-fA-F]{4})|([0-9a-fA-F]{2}))/y;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const WORD = /[\p{L}\p{M}\p{Nd}_]/u;

/**
 * The text with everything decoded that is encoded in it, of whatever kind; nothing when there is none. What was
 * encoded twice needs a second reading of the first. One pass in linear time.
 */
export function decodeOnce(text: string): Reading | undefined {
  return new Decoding(text).run();
}

class Decoding {
  readonly #reading: ReadingBuilder;
  #mixedUntil = 0;
  #isMixed = false;

  constructor(private readonly text: string) {
    this.#reading = new ReadingBuilder(text);
  }

  run(): Reading | undefined {
    const { text } = this;
    let runStart = 0;
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? CLASSES[code] : SPECIAL;
      if (kind === RUN) {
        at++;
        continue;
      }
      if (at - runStart >= LEAST_RUN) this.#run(runStart, at);
      at = kind === PLAIN ? at + 1 : this.#special(code, at);
      runStart = at;
    }
    if (at - runStart >= LEAST_RUN) this.#run(runStart, at);
    return this.#reading.isEmpty ? undefined : this.#reading.finish();
  }

  /** A run that touches something encoded is part of it: it is whole in the next reading. */
  #run(from: number, to: number): void {
    if (from > 0 && this.#reading.done === from) return;
    const { text } = this;
    if (to < text.length && this.#isEncodedAt(to)) return;
    let end = to;
    while (end < to + 2 && text[end] === '=') end++;
    for (const run of decodeRun(text.slice(from, to))) {
      const runEnd = run.to === to - from ? end : from + run.to;
      this.#reading.put(from + run.from, runEnd, run.text, run.encoding);
    }
  }

  #isEncodedAt(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code < 128)
      return CLASSES[code] === SPECIAL && [PERCENT, ESCAPE, ENTITY].some((kind) => matchAt(kind, this.text, at));
    return foldCharacter(this.text.codePointAt(at) ?? 0) !== undefined;
  }

  /** @returns where to go on */
  #special(code: number, at: number): number {
    if (code === 0x25) return this.#percent(at);
    if (code === 0x26) return this.#entity(at);
    if (code === 0x5c) return this.#escape(at);
    return this.#foreign(at);
  }

  #percent(at: number): number {
    const match = matchAt(PERCENT, this.text, at);
    if (!match) return at + 1;
    if (match[1]) return this.#put(at, at + 6, String.fromCharCode(parseInt(match[1], 16)), 'url');
    const byte = parseInt(match[2] ?? '', 16);
    const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    const character = decodedUnit(this.text.slice(at, at + 3 * length));
    if (character === undefined) return this.#put(at, at + 3, String.fromCharCode(byte), 'url');
    return this.#put(at, at + 3 * length, character, 'url');
  }

  #entity(at: number): number {
    const entity = matchAt(ENTITY, this.text, at)?.[0];
    if (entity === undefined) return at + 1;
    const decoded = decodeHTMLStrict(entity.endsWith(';') ? entity : `${entity};`);
    return decoded === entity ? at + 1 : this.#put(at, at + entity.length, decoded, 'html');
  }

  #escape(at: number): number {
    const match = matchAt(ESCAPE, this.text, at);
    if (!match) return at + 1;
    const [whole, point, unit, byte, short] = match;
    const code = parseInt(point ?? unit ?? byte ?? '', 16);
    const decoded = short ? (SHORT_ESCAPES[short] ?? short) : code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code);
    return this.#put(at, at + whole.length, decoded, 'escape');
  }

  #foreign(at: number): number {
    const code = this.text.codePointAt(at) ?? 0;
    const end = at + (code > 0xffff ? 2 : 1);
    const folded = foldCharacter(code) ?? this.#amongLatin(code, at);
    return folded === undefined ? end : this.#put(at, end, folded, 'folded');
  }

  /** A word of another script is left as it is: only among Latin letters does a look-alike deceive. */
  #amongLatin(code: number, at: number): string | undefined {
    const latin = latinLookalike(code);
    if (latin === undefined) return undefined;
    if (at >= this.#mixedUntil) {
      const { text } = this;
      let [start, end] = [at, at + 1];
      while (start > at - 32 && WORD.test(text[start - 1] ?? ' ')) start--;
      while (end < at + 256 && WORD.test(text[end] ?? ' ')) end++;
      this.#mixedUntil = end;
      this.#isMixed = /[A-Za-z0-9]/.test(text.slice(start, end));
    }
    return this.#isMixed ? latin : undefined;
  }

  #put(from: number, to: number, text: string, encoding: Encoding): number {
    this.#reading.put(from, to, text, encoding);
    return to;
  }
}

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
