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

/** A stem in a row: before its tail, which is what the word has behind its key, and before its openings. */
const [FIRST, LENGTH, OPENINGS, TAIL] = [0, 1, 2, 3];
/** What is kept of a rule, once for all the words that it may begin with. */
const [AFTER, BEFORE, BEYOND, IS_FIRST, NEAR, REACH, ALSO_NEAR, ALSO_REACH, FIELDS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
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
  /** How many stems a key has, and those; an opening is twice the number of its rule, and one more where the stem is the word. */
  private readonly rows: Uint16Array;
  /** The fields of each rule. */
  private readonly rules: Uint16Array;
  /** Which keys may meet a condition. */
  private readonly bits: Uint32Array;
  /** Where the keys of a condition begin in them all. */
  private readonly begins: Uint16Array;
  private readonly keys: Uint16Array;
  /** Of each class of characters one bit for every ASCII character. */
  private readonly classes: Uint32Array;

  constructor(entries: readonly TableEntry[]) {
    const byKey = new Map<number, Map<string, number[]>>();
    const conditions = new Map<string, ReadonlySet<number>>();
    const classes = new Map<string, Codes>([['', undefined]]);
    numberOf(LEADS, conditions);
    const rules: number[] = [];
    for (const [rule, { words, requires, neighbours, isFirst }] of entries.entries()) {
      const { after, before, beyond } = neighbours;
      const [first, second] = requires.filter(({ reach }) => reach < Infinity);
      const required = [first, second].flatMap((one) =>
        one ? [numberOf(one.words, conditions), Math.min(one.reach, MOST)] : [UNCONDITIONAL, 0],
      );
      rules.push(...[after, before, beyond].map((codes) => classOf(codes, classes)), Number(isFirst), ...required);
      for (const word of words) {
        const stem = stemOf(word);
        const name = `${word.charAt(0)}${stem}`;
        const stems = byKey.get(keyOfWord(word)) ?? new Map<string, number[]>();
        byKey.set(keyOfWord(word), stems.set(name, [...(stems.get(name) ?? []), 2 * rule + Number(stem === word)]));
      }
    }
    if (byKey.size > PLACES / 2) throw new RangeError('More words than a table holds');
    // The first row is none.
    const rows = [0];
    for (const [key, stems] of byKey) {
      let place = placeOf(key);
      while (this.places[place] !== 0) place = (place + 1) % PLACES;
      this.places[place] = (key << 16) | rows.length;
      rows.push(stems.size, ...[...stems].flatMap(([name, openings]) => rowOfStem(name, openings)));
    }
    if (rows.length > MOST) throw new RangeError('More rules than a table holds');
    [this.rows, this.rules] = [Uint16Array.from(rows), Uint16Array.from(rules)];
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
    const first = openings.length;
    let at = row + 1;
    for (let left = rows[row]!; left > 0; left--) {
      const count = rows[at + OPENINGS]!;
      const opening = at + TAIL + Math.max(0, rows[at + LENGTH]! - KEY_LENGTH);
      // Other words have the same key.
      if (rows[at + FIRST] === units[start] && this.goesOn(at, opening, units, start + KEY_LENGTH)) {
        const end = start + rows[at + LENGTH]!;
        const after = end < text.length ? units[end]! : EDGE;
        for (let each = opening; each < opening + count; each++)
          if (this.mayBegin(rows[each]!, before, after, words, word)) add(openings, first, rows[each]! >>> 1, start);
      }
      at = opening + count;
    }
  }

  private mayBegin(opening: number, before: number, after: number, words: Words, word: number): boolean {
    const { rules } = this;
    const rule = (opening >>> 1) * FIELDS;
    if (!this.has(rules[rule + BEFORE]!, before)) return false;
    if ((opening & 1) !== 0 && !this.has(rules[rule + AFTER]!, after)) return false;
    const beyond = rules[rule + BEYOND]!;
    return (
      (beyond === ANY || this.has(beyond, beyondBlanks(words.units, words.starts[word]!))) &&
      (rules[rule + IS_FIRST] === 0 || this.mayBeFirst(words, word)) &&
      this.mayMeet(rules[rule + NEAR]!, words, word, rules[rule + REACH]!) &&
      this.mayMeet(rules[rule + ALSO_NEAR]!, words, word, rules[rule + ALSO_REACH]!)
    );
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

  private goesOn(stem: number, tailEnd: number, units: Uint16Array, from: number): boolean {
    const { rows } = this;
    for (let tail = stem + TAIL, at = from; tail < tailEnd; tail++, at++) if (units[at] !== rows[tail]) return false;
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

/** @param name of a stem: the first letter of the word, and the stem */
function rowOfStem(name: string, openings: readonly number[]): number[] {
  const [first = 0, ...stem] = Array.from(name, (letter) => letter.charCodeAt(0));
  return [first, stem.length, openings.length, ...stem.slice(KEY_LENGTH), ...openings];
}

/** Once, in the order of the rules. */
function add(openings: number[], first: number, rule: number, start: number): void {
  let at = openings.length;
  while (at > first && openings[at - 2]! > rule) at -= 2;
  if (at === first || openings[at - 2] !== rule) openings.splice(at, 0, rule, start);
}

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
