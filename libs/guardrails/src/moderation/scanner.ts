import { DISGUISE, FOLD, fold, GAP, STAR, UNSEEN } from './fold.js';
import type { LetterSet } from './letter-set.js';
import { FIRST_LETTER, HASH_BASE, HASH_POWERS, LONGEST_WORD, NO_CLASS, type Vocabulary } from './vocabulary.js';

const SENTENCE_END = 0x2e;
const QUOTE = 0x22;

/** A text as a row of words: what is known of each and where it stands. Fixed phrases count as one word. */
export interface Words {
  /** How many the row has, and of how many words the text is made, known or not. */
  length: number;
  count: number;
  /** One letter a word, by its class; `.` between sentences, `"` for a quotation mark. */
  readonly letters: Uint8Array;
  /** Where each begins and ends in the text: at {@link START} and {@link END} of its cell. */
  readonly cells: Int32Array;
  /** The classes that are in the row. */
  readonly present: LetterSet;
  /** The numbers of words that weigh as sexual or name minors, and their places in the row. */
  readonly weighed: { at: number; word: number }[];
}

/** Words there is room for to begin with, and the most it is kept for. */
const ROOM = 4096;
const MOST_KEPT = 65_536;

/** What a cell holds, from its beginning: the hash, then these. */
export const CELL = 4;
const NUMBER = 1;
export const START = 2;
export const END = 3;
const NOTHING = new Uint16Array(0);
const MIDDLE_LETTER = FIRST_LETTER + 32;
const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
const isStop = (unit: number): boolean => unit === 0x2e || unit === 0x3f || unit === 0x3b || unit === 0x21;
const isQuote = (unit: number): boolean => unit === QUOTE || unit === 0x201c || unit === 0x201d;

/**
 * Reads a text once: folds case, accents, look-alike letters and digits for letters, takes zero-width characters out,
 * joins letters that were spaced apart, splits words that were run together, joins fixed phrases.
 */
export class Scanner {
  /** The text, as units: read one by one, they cost less than those of a string. */
  #units = NOTHING;
  #length = 0;
  // Of each word its hash, its number in the vocabulary (0 if it has none; of a mark its letter below zero), its place.
  // Room, not state: each call writes it anew, and it is kept because making it costs more than reading a short text.
  #cells = new Int32Array(ROOM * CELL);
  #letters = new Uint8Array(ROOM);
  readonly #prefixes = new Int32Array(LONGEST_WORD + 1);
  /** Letters standing alone, one character apart, read last. */
  #spaced = 0;

  constructor(private readonly vocabulary: Vocabulary) {}

  /** The row is good until the next text is read. */
  read(text: string): Words {
    const units = new Uint16Array(text.length);
    Buffer.from(units.buffer).write(text, 'utf16le');
    this.#units = units;
    this.#length = 0;
    this.#spaced = 0;
    for (let i = 0; i < units.length;) {
      const unit = units[i]!;
      const code = unit < 0x500 ? FOLD[unit]! : fold(unit);
      if (code > UNSEEN && code < DISGUISE) {
        i = this.#word(i);
        continue;
      }
      if (unit !== 0x20) {
        // A full stop inside a name, a number or an address ends nothing.
        if (unit === 0x0a || (isStop(unit) && (i + 1 >= units.length || units[i + 1]! <= 0x22)))
          this.#mark(SENTENCE_END, i);
        else if (isQuote(unit)) this.#mark(QUOTE, i);
      }
      i++;
    }
    this.#join();
    const row = this.#row();
    this.#units = NOTHING;
    if (this.#letters.length > MOST_KEPT) this.#resize(ROOM);
    return row;
  }

  #push(hash: number, number: number, start: number, end: number): void {
    if (this.#length === this.#letters.length) this.#resize(this.#length * 2);
    const cells = this.#cells;
    const at = this.#length++ * CELL;
    cells[at] = hash;
    cells[at + NUMBER] = number;
    cells[at + START] = start;
    cells[at + END] = end;
  }

  #resize(room: number): void {
    const old = this.#cells;
    this.#cells = new Int32Array(room * CELL);
    this.#letters = new Uint8Array(room);
    if (room * CELL > old.length) this.#cells.set(old);
  }

  #mark(letter: number, at: number): void {
    this.#join();
    this.#push(0, -letter, at, at + 1);
  }

  /** Reads the word that starts here; returns where to go on. */
  #word(start: number): number {
    const { vocabulary } = this;
    const units = this.#units;
    const prefixes = this.#prefixes;
    let hash = 0;
    let size = 0;
    let digits = 0;
    let last = 0;
    let run = 0;
    let stretched = false;
    let i = start;
    let end = start;
    for (; i < units.length; i++) {
      const unit = units[i]!;
      let code = unit < 0x500 ? FOLD[unit]! : fold(unit);
      if (code <= UNSEEN) {
        if (code === GAP) break;
        continue;
      }
      if (code >= DISGUISE) {
        if (!this.#isLetter(i)) break;
        code &= ~DISGUISE;
      } else if (unit <= 0x39) digits++;
      end = i + 1;
      if (code === last) {
        if (++run > 2 && code !== STAR) {
          stretched = true;
          continue;
        }
      } else {
        last = code;
        run = 1;
      }
      hash = (Math.imul(hash, HASH_BASE) + code) | 0;
      prefixes[++size & LONGEST_WORD] = hash;
    }
    // Digits stand for letters only where letters are the more.
    if (size <= digits * 2) {
      this.#join();
      this.#push(hash, 0, start, end);
      return i;
    }
    if (size === 1) {
      if (this.#spaced === 0 || start !== this.#cells[this.#length * CELL - CELL + END]! + 1) this.#join();
      this.#spaced++;
      this.#push(hash, vocabulary.find(hash), start, end);
      return i;
    }
    this.#join();
    const number = vocabulary.find(hash);
    if (number === 0 && stretched && this.#single(start, end)) return i;
    if (number === 0 && size >= 5 && size <= LONGEST_WORD && this.#split(hash, size, start, end)) return i;
    this.#push(hash, number, start, end);
    return i;
  }

  /** A sign inside a word is a letter in disguise; at its end it is a sign. */
  #isLetter(at: number): boolean {
    const units = this.#units;
    let next = at + 1;
    while (next - at < 6 && units[next] === units[at]) next++;
    const unit = units[next];
    if (unit === undefined) return false;
    const after = fold(unit);
    return after > UNSEEN && after < DISGUISE && !isDigit(unit);
  }

  /** `fuuuck`: every run of a letter as one. */
  #single(start: number, end: number): boolean {
    let hash = 0;
    let last = 0;
    for (let i = start; i < end; i++) {
      const code = fold(this.#units[i]!) & ~DISGUISE;
      if (code <= UNSEEN || code === last) continue;
      hash = (Math.imul(hash, HASH_BASE) + (last = code)) | 0;
    }
    const number = this.vocabulary.find(hash);
    if (number > 0) this.#push(hash, number, start, end);
    return number > 0;
  }

  /** `allwomen`: two known words, one of which matters. */
  #split(hash: number, size: number, start: number, end: number): boolean {
    const { vocabulary } = this;
    for (let at = 2; at <= size - 2; at++) {
      const head = this.#prefixes[at]!;
      const first = vocabulary.find(head);
      if (first === 0) continue;
      const tail = (hash - Math.imul(head, HASH_POWERS[size - at]!)) | 0;
      const second = vocabulary.find(tail);
      if (second === 0) continue;
      const { words } = vocabulary;
      const [one, other] = [words[first]!, words[second]!];
      if (one.misspelt || other.misspelt || !((one.anchor && at > 3) || (other.anchor && size - at > 2))) continue;
      const middle = Math.min(start + at, end);
      this.#push(head, first, start, middle);
      this.#push(tail, second, middle, end);
      return true;
    }
    return false;
  }

  /** `h a t e`: letters spaced apart are the word they spell, with or without an `I` or an `a` before it. */
  #join(): void {
    const spaced = this.#spaced;
    if (spaced === 0) return;
    this.#spaced = 0;
    if (spaced < 3 || spaced > LONGEST_WORD) return;
    const from = this.#length - spaced;
    for (let skip = 0; skip < 2 && spaced - skip > 2; skip++) {
      let hash = 0;
      for (let i = from + skip; i < this.#length; i++) hash = (Math.imul(hash, HASH_BASE) + this.#cells[i * CELL]!) | 0;
      const number = this.vocabulary.find(hash);
      if (number === 0) continue;
      const end = this.#cells[this.#length * CELL - CELL + END]!;
      this.#length = from + skip;
      this.#push(hash, number, this.#cells[(from + skip) * CELL + START]!, end);
      return;
    }
  }

  /** Joins phrases, in place: a row is never longer than the words it is made of. */
  #row(): Words {
    const { words } = this.vocabulary;
    const cells = this.#cells;
    const letters = this.#letters;
    const stop = this.#length * CELL;
    const weighed: Words['weighed'] = [];
    let count = 0;
    let length = 0;
    let low = 0;
    let high = 0;
    for (let from = 0; from < stop; from += CELL) {
      const start = cells[from + START]!;
      let number = cells[from + NUMBER]!;
      let letter = NO_CLASS;
      if (number < 0) letter = -number;
      else {
        count++;
        if (number > 0) {
          let word = words[number]!;
          if (word.next !== 0 && from + CELL < stop && ((word.next >>> (cells[from + CELL]! & 31)) & 1) === 1) {
            const at = from;
            const phrase = word.phrases?.find(({ rest }) => follows(cells, at + CELL, stop, rest));
            if (phrase) {
              ({ number } = phrase);
              word = words[number]!;
              from += phrase.rest.length * CELL;
            }
          }
          ({ letter } = word);
          if (letter >= MIDDLE_LETTER) high |= 1 << (letter - MIDDLE_LETTER);
          else if (letter >= FIRST_LETTER) low |= 1 << (letter - FIRST_LETTER);
          if (word.sexual > 0 || word.minor) weighed.push({ at: length, word: number });
        }
      }
      letters[length] = letter;
      cells[length * CELL + START] = start;
      cells[length * CELL + END] = cells[from + END]!;
      length++;
    }
    return { length, count, present: [low, high], letters, cells, weighed };
  }
}

function follows(cells: Int32Array, from: number, stop: number, rest: readonly number[]): boolean {
  if (from + rest.length * CELL > stop) return false;
  for (let n = 0; n < rest.length; n++) if (cells[from + n * CELL] !== rest[n]) return false;
  return true;
}
