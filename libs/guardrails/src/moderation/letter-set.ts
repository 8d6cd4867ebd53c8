import { FIRST_LETTER } from './vocabulary.js';

/** A set of classes in two words of 32 bits. */
export type LetterSet = readonly [low: number, high: number];
const bit = (letter: number, half: number): number => ((letter - FIRST_LETTER) >>> 5 === half ? 1 << (letter & 31) : 0);
export const setOf = (letters: Iterable<number>): LetterSet => {
  let low = 0;
  let high = 0;
  for (const letter of letters) {
    low |= bit(letter, 0);
    high |= bit(letter, 1);
  }
  return [low, high];
};

export const meet = (a: LetterSet, b: LetterSet): boolean => ((a[0] & b[0]) | (a[1] & b[1])) !== 0;
