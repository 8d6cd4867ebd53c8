import { isAscii } from '../is-ascii.js';

/** A text as the rules read it: lower case, plain characters, nothing invisible. */
export interface FoldedText {
  readonly text: string;
  /** Whether the original is. */
  readonly isAscii: boolean;
  /** The offset in the original of the folded character at `index`. */
  readonly origin: (index: number) => number;
}

const PLAIN: readonly (readonly [RegExp, number])[] = [
  [/[\u2018\u2019\u201a\u2032\u00b4]/, 0x27],
  [/[\u201c-\u201f\u2033\u00ab\u00bb]/, 0x22],
  [/[\u2010-\u2015]/, 0x2d],
  [/[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]/, 0x20],
];
const CASED = 0x2100;

/** Letters of other scripts that look Latin; only folded next to a Latin letter, so that real words stay as they are. */
const LOOK_ALIKES = new Map(
  Object.entries({
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
    һ: 'h',
    ԁ: 'd',
    ԛ: 'q',
    ԝ: 'w',
    ѵ: 'v',
    т: 't',
    к: 'k',
    м: 'm',
    н: 'n',
    в: 'b',
    α: 'a',
    ο: 'o',
    ρ: 'p',
    ν: 'v',
    ι: 'i',
    κ: 'k',
    τ: 't',
    υ: 'u',
    ε: 'e',
    χ: 'x',
    ı: 'i',
    ɑ: 'a',
    ɡ: 'g',
    ո: 'n',
    ս: 'u',
  }).map(([other, latin]) => [other.charCodeAt(0), latin.charCodeAt(0)]),
);

const isInvisible = (code: number): boolean =>
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  (code >= 0xfe00 && code <= 0xfe0f) ||
  code === 0xad ||
  code === 0x34f ||
  code === 0x180e ||
  code === 0xfeff;

const isLatin = (code: number): boolean => code >= 0x61 && code <= 0x7a;

/** Whether NFKC may turn the code unit into plain letters: full width, ligatures, circled, styled (surrogates). */
const isCompatible = (code: number): boolean =>
  (code >= 0xff01 && code <= 0xffef) ||
  (code >= 0xfb00 && code <= 0xfb06) ||
  (code >= 0x2100 && code <= 0x214f) ||
  (code >= 0x2460 && code <= 0x24ff);

const isSymbol = (code: number): boolean => isCompatible(code) || code === 0xd835 || code === 0xd83c;
/** A surrogate of the planes without text (tags, variation selectors). */
const UNSEEN_PLANE = 0xdb40;

/** What a unit is on its own: lower case, with typographic quotes, dashes and spaces made plain; 0 for what takes a look. */
const UNITS = Uint16Array.from({ length: 0x10000 }, (_, code) => {
  if (isInvisible(code) || isSymbol(code) || code === UNSEEN_PLANE) return 0;
  if (code >= CASED) return code;
  const letter = String.fromCharCode(code);
  const plain = PLAIN.find(([letters]) => letters.test(letter))?.[1];
  const lower = letter.toLowerCase();
  return plain ?? (lower.length === 1 ? lower.charCodeAt(0) : code);
});

/** Folds in one pass over the text; text in plain ASCII is only put in lower case. */
export function fold(text: string): FoldedText {
  if (isAscii(text)) {
    return { text: text.toLowerCase(), isAscii: true, origin: (index) => index };
  }
  const units = new Uint16Array(text.length * 2 + 16);
  /** Where each unit was; none as long as each stands where it stood. */
  let origins: Uint32Array | undefined;
  let length = 0;
  let highest = 0;
  let isAlike = false;
  const source = unitsOf(text);
  for (let at = 0; at < source.length; at++) {
    const code = source[at]!;
    const unit = UNITS[code]!;
    if (unit !== 0 || code === 0) {
      if (origins !== undefined) origins[length] = at;
      if (unit > 0x7f) {
        highest |= unit;
        isAlike ||= LOOK_ALIKES.has(unit);
      }
      units[length++] = unit;
      continue;
    }
    origins ??= firstOrigins(length, units.length + 1);
    if (isSymbol(code)) {
      const symbol = String.fromCodePoint(text.codePointAt(at) ?? code);
      for (const letter of symbol
        .normalize('NFKC')
        .toLowerCase()
        .slice(0, 2 * symbol.length)) {
        for (let part = 0; part < letter.length; part++) {
          origins[length] = at;
          highest |= letter.charCodeAt(part);
          isAlike ||= LOOK_ALIKES.has(letter.charCodeAt(part));
          units[length++] = letter.charCodeAt(part);
        }
      }
      at += symbol.length - 1;
    } else if (code === UNSEEN_PLANE) at++;
  }
  if (isAlike) {
    highest = 0;
    for (let at = 0; at < length; at++) {
      const latin = units[at]! > 0x7f ? LOOK_ALIKES.get(units[at]!) : undefined;
      if (latin !== undefined && (isLatin(units[at - 1] ?? 0) || isLatin(units[at + 1] ?? 0))) units[at] = latin;
      highest |= units[at]!;
    }
  }
  const folded = units.subarray(0, length);
  if (origins !== undefined) origins[length] = text.length;
  return {
    text: textOf(folded, highest <= 0xff),
    isAscii: false,
    origin: (index) =>
      origins === undefined ? Math.min(index, length) : (origins[Math.min(index, length)] ?? text.length),
  };
}

function unitsOf(text: string): Uint16Array {
  // Of the pool, where it is short: memory of its own would take longer than all the rest.
  const bytes = Buffer.allocUnsafe(2 * text.length);
  bytes.write(text, 'utf16le');
  return new Uint16Array(bytes.buffer, bytes.byteOffset, text.length);
}

function firstOrigins(count: number, room: number): Uint32Array {
  const origins = new Uint32Array(room);
  for (let at = 0; at < count; at++) origins[at] = at;
  return origins;
}

/** Patterns read a text of one byte a letter faster. */
function textOf(units: Uint16Array, isLatin1: boolean): string {
  if (!isLatin1) return Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');
  const bytes = Buffer.allocUnsafe(units.length);
  for (let at = 0; at < units.length; at++) bytes[at] = units[at]!;
  return bytes.toString('latin1');
}
