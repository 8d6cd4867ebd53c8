import { LATIN_LOOKALIKES, STROKED } from './confusables.rules.js';

/** Nobody sees them: zero-width, direction, fillers, variation selectors, marks that pile upon a letter, controls, halves of pairs, blank braille, annotations. */
const INVISIBLE =
  /^(?:\p{Default_Ignorable_Code_Point}|(?=\p{M})\p{Script=Inherited}|(?!\u0085)\p{Control}|\p{Surrogate}|[\u2800\uFFF9-\uFFFB])$/u;
const WORD = /^[\p{L}\p{M}\p{Nd}]$/u;
const LATIN = /^\p{Script=Latin}$/u;
const ASCII = /^[\0-\x7f]+$/;
const DIGIT = /^\p{Nd}$/u;
const DASH = /^[\u2010-\u2015\u2212\uFE58\uFE63]$/;
/** Signs whose long form says nothing that they don't. */
const SIGNS = /^[\u2026\u2122\u00A9\u00AE\u00B0-\u00BE\u2030-\u203C\u2047-\u2049]$/;
const FIRST_TAG = 0xe0020;
const LAST_TAG = 0xe007e;

/** What is known of a character outside ASCII. */
export const [LETTER, FOLDS, LOOKS_LATIN] = [1, 2, 4];
const KNOWN = 8;
/** By code point, as they come along: almost every character is told by one look. */
const traits = new Uint8Array(0x11_0000);
const folded = new Map<number, string>();

/** The bits LETTER, FOLDS, LOOKS_LATIN. */
export function traitsOf(code: number): number {
  return (traits[code] ?? 0) || learn(code);
}

/** What a character that folds is read as. */
export function foldCharacter(code: number): string {
  return folded.get(code) ?? '';
}

/** The Latin letter that a letter of another script is taken for, among Latin ones. */
export function latinLookalike(code: number): string {
  return LATIN_LOOKALIKES.get(code) ?? '';
}

function learn(code: number): number {
  const character = String.fromCodePoint(code);
  const fold = compute(code, character);
  if (fold !== character) folded.set(code, fold);
  const bits =
    KNOWN |
    (WORD.test(character) ? LETTER : 0) |
    (fold === character ? 0 : FOLDS) |
    (fold === character && LATIN_LOOKALIKES.has(code) ? LOOKS_LATIN : 0);
  traits[code] = bits;
  return bits;
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
