/** What a UTF-16 unit of folded text may be to the rules; 0 for all else. */
export const [LETTER, DIGIT, IDEOGRAPH, BLANK] = [1, 2, 3, 4];

export const KINDS = Uint8Array.from({ length: 0x10000 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return DIGIT;
  if (isIdeograph(code)) return IDEOGRAPH;
  if (isBlank(code)) return BLANK;
  return (code >= 0x61 && code <= 0x7a) || (code >= 0xc0 && !isMark(code)) ? LETTER : 0;
});

/** White space that every pattern takes for it. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 9 && code <= 13);
}

/** Scripts that write no spaces between words, and Hangul, which glues endings on: every character begins a word. */
function isIdeograph(code: number): boolean {
  return (
    (code >= 0x3040 && code <= 0x30ff) ||
    (code >= 0x3400 && code <= 0x9fff) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0x0e00 && code <= 0x0e7f)
  );
}

function isMark(code: number): boolean {
  return (code >= 0x2000 && code <= 0x303f) || (code >= 0xd800 && code <= 0xffff);
}

/** So many letters of a word are looked up: enough to be rare, few enough to meet every ending. */
export const KEY_LENGTH = 4;
/** Many more than there are words to look up, so that few of a text meet one by chance. */
const KEYS = 1 << 16;
const MASK = KEYS - 1;

/** The key of one letter more. */
export const step = (key: number, code: number): number => (key * 31 + code) & MASK;

/** @param letters the first KEY_LENGTH of a word, or all that it has */
export function keyOf(letters: string): number {
  let key = 0;
  for (let at = 0; at < letters.length; at++) key = step(key, letters.charCodeAt(at));
  return key;
}
