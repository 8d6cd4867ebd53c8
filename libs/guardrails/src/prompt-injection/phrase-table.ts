import { IDEOGRAPH, KEY_LENGTH, keyOf, KINDS, LETTER } from './letters.js';
import { type Codes, LAST_BLANK, type Neighbours } from './neighbours.js';
import type { RequiredWords } from './required-words.js';
import type { Words } from './words.js';

/** What the table knows of a rule. */
export interface TableEntry {
  /** The words it may begin with, as patterns. */
  readonly words: readonly string[];
  readonly requires: readonly RequiredWords[];
  readonly neighbours: Neighbours;
  /** Whether the word opens a sentence. */
  readonly isFirst: boolean;
}

/** An opening in a row, before its tail: what the word has behind its key, as UTF-16 units. */
const [RULE, FIRST, AFTER, BEFORE, BEYOND, IS_FIRST, NEAR, REACH, ALSO_NEAR, ALSO_REACH, LENGTH, TAIL_LENGTH, TAIL] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
];
/** The number of the class that every character is in. */
const ANY = 0;
/** Stands in for the beginning and the end of the text: in every class, as all that is not ASCII. */
const EDGE = 0x80;
/** The condition of what requires nothing. */
const UNCONDITIONAL = 0xffff;
/** Of a field. */
const MOST = 0xffff;
/** Places for keys, of which at most half are taken. */
const PLACES = 1 << 11;
/** What stands before the first word of a sentence, and the number of that condition. */
const LEADS: ReadonlySet<string> = new Set(
  'please also and then must should now to me you will instead always'.split(' '),
);
const LEADING = 0;
/** What may end the sentence before: all that any rule names. */
const ENDS = '.!?:;>"\')]*#-|,';
/** So many words are looked at for each opening. */
const FARTHEST = 256;
/** Bits of a condition: few enough to be near each other, many enough that few words meet it by chance. */
const BITS = 512;

/**
 * Which rules begin with a word, and what they require, in arrays: a scan comes to cold caches, and there each object
 * that it asks is a line of memory of its own.
 */
export class PhraseTable {
  /** Each key with where its row begins, next to where the key says. */
  private readonly places = new Uint32Array(PLACES);
  /** How many openings a key has, and those. */
  private readonly rows: Uint16Array;
  /** Which keys may meet a condition. */
  private readonly bits: Uint32Array;
  /** Where the keys of a condition begin in them all. */
  private readonly begins: Uint16Array;
  private readonly keys: Uint16Array;
  /** Of each class of characters one bit for every ASCII character. */
  private readonly classes: Uint32Array;

  constructor(entries: readonly TableEntry[]) {
    const byKey = new Map<number, number[][]>();
    const conditions = new Map<string, ReadonlySet<number>>();
    const classes = new Map<string, Codes>([['', undefined]]);
    numberOf(LEADS, conditions);
    for (const [rule, { words, requires, neighbours, isFirst }] of entries.entries()) {
      const { after, before, beyond } = neighbours;
      const [first, second] = requires.filter(({ reach }) => reach < Infinity);
      const around = [classOf(before, classes), classOf(beyond, classes), Number(isFirst)];
      const required = [first, second].flatMap((one) =>
        one ? [numberOf(one.words, conditions), Math.min(one.reach, MOST)] : [UNCONDITIONAL, 0],
      );
      for (const word of words) {
        const stem = stemOf(word);
        const tail = Array.from(stem.slice(KEY_LENGTH), (letter) => letter.charCodeAt(0));
        const next = stem === word ? classOf(after, classes) : ANY;
        const opening = [rule, word.charCodeAt(0), next, ...around, ...required, stem.length, tail.length, ...tail];
        byKey.set(keyOfWord(word), [...(byKey.get(keyOfWord(word)) ?? []), opening]);
      }
    }
    if (byKey.size > PLACES / 2) throw new RangeError('More words than a table holds');
    // The first row is none.
    const rows = [0];
    for (const [key, openings] of byKey) {
      let place = placeOf(key);
      while (this.places[place] !== 0) place = (place + 1) % PLACES;
      this.places[place] = (key << 16) | rows.length;
      rows.push(openings.length, ...openings.flat());
    }
    if (rows.length > MOST) throw new RangeError('More rules than a table holds');
    this.rows = Uint16Array.from(rows);
    this.bits = new Uint32Array((conditions.size * BITS) / 32);
    const keys: number[] = [];
    const begins = [0];
    for (const [condition, required] of [...conditions.values()].entries()) {
      for (const key of required) this.bits[bitsOf(condition, key)]! |= 1 << (key & 31);
      begins.push(keys.push(...required));
    }
    [this.begins, this.keys] = [Uint16Array.from(begins), Uint16Array.from(keys)];
    this.classes = Uint32Array.from([...classes.values()].flatMap(bitsOfClass));
  }

  /** The row of a key; 0 for none. */
  rowOf(key: number): number {
    const { places } = this;
    for (let place = placeOf(key); ; place = (place + 1) % PLACES) {
      const found = places[place]!;
      if (found === 0) return 0;
      if (found >>> 16 === key) return found & 0xffff;
    }
  }

  /** @param openings gets the number of each rule of the row that may begin with this word, and where that starts */
  open(row: number, words: Words, word: number, openings: number[]): void {
    const { rows } = this;
    const { units, text } = words;
    const start = words.starts[word]!;
    const before = start > 0 ? units[start - 1]! : EDGE;
    let beyond: number | undefined;
    let isFirst: boolean | undefined;
    let last = -1;
    let at = row + 1;
    for (let left = rows[row]!; left > 0; left--, at += TAIL + rows[at + TAIL_LENGTH]!) {
      const rule = rows[at + RULE]!;
      // Other words have the same key.
      if (rule === last || rows[at + FIRST] !== units[start]) continue;
      if (!this.has(rows[at + BEFORE]!, before) || !this.goesOn(at, units, start + KEY_LENGTH)) continue;
      const end = start + rows[at + LENGTH]!;
      if (!this.has(rows[at + AFTER]!, end < text.length ? units[end]! : EDGE)) continue;
      last = rule;
      const farther = rows[at + BEYOND]!;
      if (farther !== ANY && !this.has(farther, (beyond ??= beyondBlanks(units, start)))) continue;
      if (rows[at + IS_FIRST] !== 0 && !(isFirst ??= this.mayBeFirst(words, word))) continue;
      if (!this.mayMeet(rows[at + NEAR]!, words, word, rows[at + REACH]!)) continue;
      if (!this.mayMeet(rows[at + ALSO_NEAR]!, words, word, rows[at + ALSO_REACH]!)) continue;
      openings.push(rule, start);
    }
  }

  private has(characters: number, unit: number): boolean {
    return (
      characters === ANY ||
      unit >= EDGE ||
      ((this.classes[(characters << 2) + (unit >>> 5)]! >>> (unit & 31)) & 1) !== 0
    );
  }

  /** Behind something that may end a sentence, or behind one of LEADS and a space. */
  private mayBeFirst({ units, starts, keys }: Words, word: number): boolean {
    const start = starts[word]!;
    if (start < 2 || units[start - 1] !== 0x20) return true;
    const unit = units[start - 2]!;
    if (KINDS[unit] === LETTER) return this.meets(LEADING, keys[word - 1]!);
    return unit <= LAST_BLANK || unit >= EDGE || ENDS.includes(String.fromCharCode(unit));
  }

  private goesOn(opening: number, units: Uint16Array, from: number): boolean {
    const { rows } = this;
    const length = rows[opening + TAIL_LENGTH]!;
    for (let at = 0; at < length; at++) if (units[from + at] !== rows[opening + TAIL + at]) return false;
    return true;
  }

  /** Whether a word behind one meets a condition within reach, or may. */
  private mayMeet(condition: number, { keys, blanks, length }: Words, word: number, reach: number): boolean {
    if (condition === UNCONDITIONAL) return true;
    const { bits } = this;
    const last = blanks[word]! + reach;
    const end = Math.min(length, word + FARTHEST);
    let at = word + 1;
    for (; at < end && blanks[at]! <= last; at++) {
      const key = keys[at]!;
      if (((bits[bitsOf(condition, key)]! >>> (key & 31)) & 1) !== 0 && this.meets(condition, key)) return true;
    }
    return at === word + FARTHEST;
  }

  private meets(condition: number, key: number): boolean {
    const { begins, keys } = this;
    const end = begins[condition + 1]!;
    for (let at = begins[condition]!; at < end; at++) if (keys[at] === key) return true;
    return false;
  }
}

const placeOf = (key: number): number => (key ^ (key >>> 5)) % PLACES;

/** Where in all the bits that of a key lies. */
const bitsOf = (condition: number, key: number): number => (condition * BITS + (key & (BITS - 1))) >>> 5;

/** The number of a condition; those that say the same are one. */
function numberOf(words: ReadonlySet<string>, known: Map<string, ReadonlySet<number>>): number {
  const name = [...words].sort().join(' ');
  if (!known.has(name)) known.set(name, new Set([...words].map((word) => keyOf(word.slice(0, KEY_LENGTH)))));
  return [...known.keys()].indexOf(name);
}

/** The number of a class; those that hold the same are one, and one without ASCII says nothing. */
function classOf(codes: Codes, known: Map<string, Codes>): number {
  const name = codes ? String.fromCharCode(...[...codes].sort((one, other) => one - other)) : '';
  if (!known.has(name)) known.set(name, codes);
  return [...known.keys()].indexOf(name);
}

function bitsOfClass(codes: Codes): number[] {
  const bits = [0, 0, 0, 0];
  for (const code of codes ?? []) bits[code >>> 5]! |= 1 << (code & 31);
  return bits;
}

/** How the word begins, as far as it is plain letters. */
const stemOf = (word: string): string => /^[\p{L}\p{M}]+(?![\p{L}\p{M}]?[?*{])/u.exec(word)?.[0] ?? '';

function keyOfWord(word: string): number {
  if (KINDS[word.charCodeAt(0)] === IDEOGRAPH) return keyOf(word.charAt(0));
  const [letters = ''] = /^\p{L}[\p{L}\p{M}]{0,3}/u.exec(word) ?? [];
  if (letters === '' || word.includes('\\s')) throw new TypeError(`A phrase has to begin with one word: ${word}`);
  return keyOf(letters);
}

function beyondBlanks(units: Uint16Array, start: number): number {
  let at = start - 1;
  while (at >= 0 && units[at]! <= LAST_BLANK) at--;
  return at < 0 ? EDGE : units[at]!;
}
