/** Bits per character, from how often each character stands in the text. What is not ASCII counts as one character. */
export function entropy(text: string): number {
  const counts = new Uint16Array(129);
  for (let at = 0; at < text.length; at++) counts[Math.min(text.charCodeAt(at), 128)]!++;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const TOKEN = /^[A-Za-z0-9+/=_\-.~:!@#$%^&*|]+$/;
const HEX = /^(?:0x)?[0-9a-fA-F]+$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * How often the text changes between letters, digits, cases and signs; words and versions change rarely, keys all the
 * time. One capital before small letters is a word; `-`, `_`, `.`, `/` and `:` join words.
 */
function changes(text: string): number {
  let count = 0;
  let previous = 0;
  for (let at = 0; at < text.length; at++) {
    const kind = kindOf(text.charCodeAt(at));
    if (kind !== 0 && previous !== 0 && kind !== previous && !(previous === 3 && kind === 2)) count++;
    previous = kind;
  }
  return count;
}

function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return 2;
  if (code >= 65 && code <= 90) return 3;
  if (code >= 48 && code <= 57) return 1;
  return code === 45 || code === 46 || code === 47 || code === 58 || code === 95 ? 0 : 4;
}

/** Characters of a value that are looked at: the beginning says enough. */
export const SAMPLE = 128;

/** Whether the text could have come out of a random generator, and not out of a head, a path or a version number. */
export function looksRandom(value: string, shortest: number): boolean {
  const text = value.slice(0, SAMPLE);
  if (text.length < shortest || !TOKEN.test(text)) return false;
  if (HEX.test(text)) return /\d/.test(text) && entropy(text) >= 2.6 && (text.length >= 16 || /[a-f]/i.test(text));
  if (!/[A-Za-z]/.test(text)) return false;
  if (UUID.test(text)) return true;
  const turns = changes(text);
  // The longest pieces of names such as "prod-eu-west-1-2024" are words.
  if (/\d/.test(text))
    return turns >= Math.max(2, text.length / 5) && entropy(text) >= Math.min(3.5, Math.log2(text.length) * 0.75);
  return text.length >= 16 && (turns >= text.length / 5 || noVowels(text)) && entropy(text) >= 3.4;
}

/** Small letters only, and fewer vowels than any language has. */
function noVowels(text: string): boolean {
  return /^[a-z]+$/.test(text) && (text.match(/[aeiouy]/gi)?.length ?? 0) < text.length * 0.28;
}
