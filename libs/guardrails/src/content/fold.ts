import { LATIN_LOOKALIKES, STROKED } from './confusables.rules.js';

/** Nobody sees them: zero-width, direction, fillers, variation selectors, marks that pile upon a letter. */
const INVISIBLE = /^(?:\p{Default_Ignorable_Code_Point}|(?=\p{M})\p{Script=Inherited})$/u;
const LATIN = /^\p{Script=Latin}$/u;
const ASCII = /^[\0-\x7f]+$/;
const DIGIT = /^\p{Nd}$/u;
const DASH = /^[\u2010-\u2015\u2212\uFE58\uFE63]$/;
/** Signs whose long form says nothing that they don't. */
const SIGNS = /^[\u2026\u2122\u00A9\u00AE\u00B0-\u00BE\u2030-\u203C\u2047-\u2049]$/;
const FIRST_TAG = 0xe0020;
const LAST_TAG = 0xe007e;

/** Of every code point: whether it was looked at, and whether anything else is read for it. */
const [UNKNOWN, SAME, OTHER] = [0, 1, 2];
const states = new Uint8Array(0x11_0000);
const folded = new Map<number, string>();

/** What a character outside ASCII is read as, if not itself; look-alikes aside. */
export function foldCharacter(code: number): string | undefined {
  if (states[code] === UNKNOWN) {
    const character = String.fromCodePoint(code);
    const fold = compute(code, character);
    states[code] = fold === character ? SAME : OTHER;
    if (fold !== character) folded.set(code, fold);
  }
  return states[code] === SAME ? undefined : folded.get(code);
}

/** The Latin letter that a letter of another script is taken for, among Latin ones. */
export function latinLookalike(code: number): string | undefined {
  return LATIN_LOOKALIKES.get(code);
}

function compute(code: number, character: string): string {
  // Tags spell ASCII that programs read and people don't.
  if (code >= FIRST_TAG && code <= LAST_TAG) return String.fromCharCode(code - 0xe0000);
  if (INVISIBLE.test(character)) return '';
  if (DASH.test(character)) return '-';
  if (SIGNS.test(character)) return character;
  if (LATIN.test(character)) {
    const plain = STROKED.get(character) ?? character.normalize('NFKD').replaceAll(/[\u0300-\u036F]/g, '');
    return ASCII.test(plain) ? plain : character;
  }
  const composed = character.normalize('NFKC');
  return composed === character && DIGIT.test(character) ? String(digitOf(code)) : composed;
}

/** Digits of a script stand in rows of ten. */
function digitOf(code: number): number {
  let below = 0;
  while (below < 9 && DIGIT.test(String.fromCodePoint(code - below - 1))) below++;
  return below;
}
