import { IDEOGRAPH, KEY_LENGTH, keyOf, KINDS, LETTER } from './letters.js';
import type { RequiredWords } from './required-words.js';
import type { Words } from './words.js';

/** What the table knows of a rule. */
export interface TableEntry {
  /** The words it may begin with, as patterns. */
  readonly words: readonly string[];
  readonly requires: RequiredWords | undefined;
  /** Which of FOLLOWED, FIRST and FRAMED hold. */
  readonly flags: number;
}

/** White space has to follow the word, where that is plain; it opens a sentence; it stands in a frame. */
export const [FOLLOWED, FIRST, FRAMED] = [1, 2, 4];
/** An opening in a row, before its tail: what the word has behind its key, as UTF-16 units. */
const [RULE, CONDITION, REACH, FLAGS, LENGTH, TAIL_LENGTH, TAIL] = [0, 1, 2, 3, 4, 5, 6];
/** The condition of what requires nothing. */
const UNCONDITIONAL = 0xffff;
/** Of a field. */
const MOST = 0xffff;
/** Places for keys, of which at most half are taken. */
const PLACES = 1 << 11;
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

  constructor(entries: readonly TableEntry[]) {
    const byKey = new Map<number, number[][]>();
    const conditions = new Map<string, ReadonlySet<number>>();
    for (const [rule, { words, requires, flags }] of entries.entries()) {
      const condition = requires && requires.reach < Infinity ? conditionOf(requires, conditions) : UNCONDITIONAL;
      for (const word of words) {
        const stem = stemOf(word);
        const tail = Array.from(stem.slice(KEY_LENGTH), (letter) => letter.charCodeAt(0));
        const its = stem === word ? flags : flags & ~FOLLOWED;
        const reach = Math.min(requires?.reach ?? 0, MOST);
        const opening = [rule, condition, reach, its, stem.length, tail.length, ...tail];
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
    const { text, units } = words;
    const start = words.starts[word]!;
    let last = -1;
    let isFirst: boolean | undefined;
    let isFramed: boolean | undefined;
    let at = row + 1;
    for (let left = rows[row]!; left > 0; left--, at += TAIL + rows[at + TAIL_LENGTH]!) {
      const rule = rows[at + RULE]!;
      if (rule === last || !this.goesOn(at, units, start + KEY_LENGTH)) continue;
      const flags = rows[at + FLAGS]!;
      if ((flags & FOLLOWED) !== 0 && !mayBeBlank(units[start + rows[at + LENGTH]!] ?? 0)) continue;
      last = rule;
      if ((flags & FIRST) !== 0 && !(isFirst ??= mayBeFirst(text, units, start))) continue;
      if ((flags & FRAMED) !== 0 && !(isFramed ??= mayBeFramed(text, start))) continue;
      const condition = rows[at + CONDITION]!;
      if (condition !== UNCONDITIONAL && !this.mayMeet(condition, words, word, rows[at + REACH]!)) continue;
      openings.push(rule, start);
    }
  }

  private goesOn(opening: number, units: Uint16Array, from: number): boolean {
    const { rows } = this;
    const length = rows[opening + TAIL_LENGTH]!;
    for (let at = 0; at < length; at++) if (units[from + at] !== rows[opening + TAIL + at]) return false;
    return true;
  }

  /** Whether a word behind one meets a condition within reach, or may. */
  private mayMeet(condition: number, { keys, blanks, length }: Words, word: number, reach: number): boolean {
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
function conditionOf({ words }: RequiredWords, known: Map<string, ReadonlySet<number>>): number {
  const name = [...words].sort().join(' ');
  if (!known.has(name)) known.set(name, new Set([...words].map(keyOf)));
  return [...known.keys()].indexOf(name);
}

/** How the word begins, as far as it is plain letters. */
const stemOf = (word: string): string => /^[\p{L}\p{M}]+(?![\p{L}\p{M}]?[?*{])/u.exec(word)?.[0] ?? '';

function keyOfWord(word: string): number {
  if (KINDS[word.charCodeAt(0)] === IDEOGRAPH) return keyOf(word.charAt(0));
  const [letters = ''] = /^\p{L}[\p{L}\p{M}]{0,3}/u.exec(word) ?? [];
  if (letters === '' || word.includes('\\s')) throw new TypeError(`A phrase has to begin with one word: ${word}`);
  return keyOf(letters);
}

const FRAMES = '<|[{(#/';
const LEADS: ReadonlySet<string> = new Set([
  'please',
  'also',
  'and',
  'then',
  'must',
  'should',
  'now',
  'to',
  'me',
  'you',
  'will',
  'instead',
  'always',
]);
const LONGEST_LEAD = 7;

/** Behind anything but a word, or behind one of LEADS and a space. */
function mayBeFirst(text: string, units: Uint16Array, start: number): boolean {
  let at = start - 1;
  while (at >= 0 && units[at]! <= 0x20) at--;
  if (at < 0 || start - at > 2 || KINDS[units[at]!] !== LETTER) return true;
  const end = at + 1;
  while (at >= 0 && end - at <= LONGEST_LEAD && KINDS[units[at]!] === LETTER) at--;
  return LEADS.has(text.slice(at + 1, end));
}

/** Behind one of FRAMES, and a blank or two. */
function mayBeFramed(text: string, start: number): boolean {
  let at = start - 1;
  while (at >= start - 3 && text.charCodeAt(at) <= 0x20) at--;
  return at >= 0 && FRAMES.includes(text.charAt(at));
}

/** White space, or a character of which that takes a closer look. */
const mayBeBlank = (code: number): boolean => code <= 0x20 || code > 0x7f;
