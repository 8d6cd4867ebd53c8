/** A text as the rules read it: lower case, plain characters, nothing invisible. */
export interface FoldedText {
  readonly text: string;
  /** The offset in the original of the folded character at `index`. */
  readonly origin: (index: number) => number;
}

const TABLE_SIZE = 0x2100;
/** Single characters below U+2100: lower case, with typographic quotes, dashes and spaces made plain. */
const LOWER = Uint16Array.from({ length: TABLE_SIZE }, (_, code) => {
  if (/[\u2018\u2019\u201a\u2032\u00b4]/.test(String.fromCharCode(code))) return 0x27;
  if (/[\u201c-\u201f\u2033\u00ab\u00bb]/.test(String.fromCharCode(code))) return 0x22;
  if (/[\u2010-\u2015]/.test(String.fromCharCode(code))) return 0x2d;
  if (/[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]/.test(String.fromCharCode(code))) return 0x20;
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
});

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

/** Folds in one pass over the text; text in plain ASCII is only put in lower case. */
export function fold(text: string): FoldedText {
  // As many bytes as units: plain ASCII. The fastest way to ask.
  if (Buffer.byteLength(text) === text.length) return { text: text.toLowerCase(), origin: (index) => index };
  const units = new Uint16Array(text.length * 2 + 16);
  const origins = new Uint32Array(units.length + 1);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80 && isInvisible(code)) continue;
    if (isCompatible(code) || code === 0xd835 || code === 0xd83c) {
      const symbol = String.fromCodePoint(text.codePointAt(at) ?? code);
      for (const letter of symbol
        .normalize('NFKC')
        .toLowerCase()
        .slice(0, 2 * symbol.length)) {
        for (let unit = 0; unit < letter.length; unit++) {
          origins[length] = at;
          units[length++] = letter.charCodeAt(unit);
        }
      }
      at += symbol.length - 1;
      continue;
    }
    // A surrogate pair of the planes without text (tags, variation selectors) is invisible.
    if (code === 0xdb40) {
      at++;
      continue;
    }
    origins[length] = at;
    units[length++] = code < TABLE_SIZE ? (LOWER[code] ?? code) : code;
  }
  for (let at = 0; at < length; at++) {
    const latin = (units[at] ?? 0) > 0x7f ? LOOK_ALIKES.get(units[at] ?? 0) : undefined;
    if (latin !== undefined && (isLatin(units[at - 1] ?? 0) || isLatin(units[at + 1] ?? 0))) units[at] = latin;
  }
  origins[length] = text.length;
  return {
    text: new TextDecoder('utf-16le').decode(units.subarray(0, length)),
    origin: (index) => origins[Math.min(index, length)] ?? text.length,
  };
}
