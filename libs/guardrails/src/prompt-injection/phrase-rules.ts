import type { FoldedText } from './folded-text.js';

/** One phrase that speaks for an attack. */
export interface PhraseRule {
  readonly family: string;
  readonly rule: string;
  /** How much the phrase says on its own, 0 to 1. */
  readonly weight: number;
  readonly pattern: RegExp;
}

export interface PhraseHit {
  readonly rule: PhraseRule;
  /** Offsets in the folded text. */
  readonly start: number;
  readonly end: number;
}

/** What a scan notices on its way; it says which disguises are worth a closer look. */
export interface Traits {
  /** Where a digit stands before a letter. */
  readonly mixed: number[];
  /** Long runs of letters and digits, as offsets. */
  readonly runs: (readonly [start: number, end: number])[];
  /** The longest row of words of one letter. */
  spacedLetters: number;
  /** How often one word follows itself. */
  repeats: number;
}

/**
 * Rule name, weight, the words it may begin with (separated by `|`), what follows them; and for what is dear to try, words
 * of which any text that it matches has one.
 */
export type PhraseRow = readonly [rule: string, weight: number, words: string, rest: string, needs?: string];

interface Entry extends PhraseRule {
  /** The words it may begin with, by their key. */
  readonly words: ReadonlyMap<number, readonly string[]>;
  readonly rest: string;
  /** Keys of words of which the text must have one; none if it need not. */
  readonly needs: readonly number[];
  /** Whether it stands at the beginning of a sentence, or behind one of LEADS. */
  readonly isFirst: boolean;
  /** Whether one of FRAMES stands before it. */
  readonly isFramed: boolean;
}

/** A rule at one of the words it may begin with. */
interface Opening {
  readonly rule: Entry;
  /** How the word begins, as far as it is plain letters: how long that is, and its units behind those of the key. */
  readonly length: number;
  readonly tail: readonly number[];
  /** Whether white space has to follow the stem. */
  readonly isFollowed: boolean;
}

/** What a word is to the rules, by its key. */
const [OPENS, NEEDED] = [1, 2];

/** So many letters of a word are looked up: enough to be rare, few enough to meet every ending. */
const KEY_LENGTH = 4;
/** Many more than there are keys, so that few words of a text meet a bucket by chance. */
const SLOTS = 1 << 16;
const MASK = SLOTS - 1;
/** Characters; shorter runs cannot hold an encoded order. */
const LONG_RUN = 24;
const MOST_RUNS = 16;
const MOST_MIXED = 128;

/** How a pattern begins whose word opens a sentence; cheaper to tell without it. */
const FIRST = '(?<=(?:^|[.!?:;>';
/** How a pattern begins whose word stands behind a bracket or the like. */
const FRAMED = /^\(\?<=(?:<[\\<]|\[\[|\\\[|#)/;
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

/**
 * The rules of one family. A word with fewer than four letters stands for itself, a longer one for every word with its
 * first four letters; the pattern then decides. Patterns are read on folded text and have to be bounded: they are tried
 * at every such word.
 */
export function family(name: string, rows: readonly PhraseRow[]): readonly Entry[] {
  return rows.map(([rule, weight, words, rest, needs]) => ({
    family: name,
    rule,
    weight,
    pattern: new RegExp(`(?:${words})(?:${rest})`, 'y'),
    words: byKey(words.split('|')),
    rest,
    needs: needs?.split('|').map(keyOfWord) ?? [],
    isFirst: rest.startsWith(FIRST),
    isFramed: FRAMED.test(rest),
  }));
}

/** Looks for the phrases of many rules in one pass: each word costs one table look-up, and rules only where it hits. */
export class PhraseRules {
  private readonly openings = new Map<number, Opening[]>();
  /** The bits OPENS and NEEDED by key. */
  private readonly slots = new Uint8Array(SLOTS);
  /** In which scan each needed key was last met. */
  private readonly met = new Uint32Array(SLOTS);
  private scans = 0;

  constructor(rules: readonly Entry[]) {
    for (const rule of rules) {
      for (const key of rule.needs) this.slots[key]! |= NEEDED;
      for (const [key, words] of rule.words) {
        this.slots[key]! |= OPENS;
        const openings = this.openings.get(key) ?? [];
        this.openings.set(key, openings);
        for (const word of words) {
          const stem = stemOf(word);
          openings.push({
            rule,
            length: stem.length,
            tail: Array.from(stem.slice(KEY_LENGTH), (letter) => letter.charCodeAt(0)),
            isFollowed: stem === word && rule.rest.startsWith(String.raw`\s+`),
          });
        }
      }
    }
  }

  /** @param found is told of each hit, in the order of the text */
  scan(folded: FoldedText, found: (hit: PhraseHit) => void): Traits {
    const traits: Traits = { mixed: [], runs: [], spacedLetters: 0, repeats: 0 };
    const { slots, met } = this;
    const scan = (this.scans = (this.scans + 1) >>> 0);
    const { units } = folded;
    const end = units.length;
    // Where a rule may begin, and with which key; tried once it is known which words the text has.
    const openings: number[] = [];
    let [run, spaced, lastKey, repeats] = [0, 0, 0, 0];
    for (let at = 0; at < end;) {
      const code = units[at]!;
      const kind = KINDS[code];
      if (kind !== LETTER) {
        if (kind === DIGIT) {
          if (traits.mixed.length < MOST_MIXED && KINDS[units[at + 1] ?? 0] === LETTER) traits.mixed.push(at);
        } else {
          if (at - run >= LONG_RUN && traits.runs.length < MOST_RUNS) traits.runs.push([run, at]);
          run = at + 1;
          if (kind === IDEOGRAPH && (slots[step(0, code)]! & OPENS) !== 0) openings.push(at, step(0, code));
        }
        at++;
        continue;
      }
      const start = at;
      let key = code & MASK;
      let next = 0;
      while (++at < end && KINDS[(next = units[at]!)] === LETTER) {
        if (at < start + KEY_LENGTH) key = step(key, next);
      }
      spaced = at === start + 1 ? spaced + 1 : 0;
      if (spaced > traits.spacedLetters) traits.spacedLetters = spaced;
      repeats = key === lastKey ? repeats + 1 : 0;
      if (repeats > traits.repeats) traits.repeats = repeats;
      lastKey = key;
      const slot = slots[key]!;
      if (slot === 0) continue;
      if ((slot & OPENS) !== 0) openings.push(start, key);
      if ((slot & NEEDED) !== 0) met[key] = scan;
    }
    if (end - run >= LONG_RUN) traits.runs.push([run, end]);
    for (let at = 0; at < openings.length; at += 2) this.tryAt(folded, openings[at]!, openings[at + 1]!, found);
    return traits;
  }

  /** Whether the text of this scan has one of them. */
  private meets(needs: readonly number[]): boolean {
    if (needs.length === 0) return true;
    for (const need of needs) if (this.met[need] === this.scans) return true;
    return false;
  }

  private tryAt({ text, units }: FoldedText, start: number, key: number, found: (hit: PhraseHit) => void): void {
    let last: Entry | undefined;
    let isFirst: boolean | undefined;
    let isFramed: boolean | undefined;
    const openings = this.openings.get(key) ?? NONE;
    for (let at = 0; at < openings.length; at++) {
      const { rule, length, tail, isFollowed } = openings[at]!;
      if (rule === last || (tail.length > 0 && !goesOn(units, start + KEY_LENGTH, tail))) continue;
      if (isFollowed && !mayBeBlank(units[start + length] ?? 0)) continue;
      last = rule;
      if (rule.isFirst && !(isFirst ??= mayBeFirst(text, units, start))) continue;
      if (rule.isFramed && !(isFramed ??= mayBeFramed(text, start))) continue;
      if (!this.meets(rule.needs)) continue;
      rule.pattern.lastIndex = start;
      if (rule.pattern.test(text)) found({ rule, start, end: rule.pattern.lastIndex });
    }
  }
}

const NONE: readonly Opening[] = [];

function goesOn(units: Uint16Array, from: number, tail: readonly number[]): boolean {
  for (let at = 0; at < tail.length; at++) if (units[from + at] !== tail[at]) return false;
  return true;
}

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

const stemOf = (word: string): string => /^[\p{L}\p{M}]+(?![\p{L}\p{M}]?[?*{])/u.exec(word)?.[0] ?? '';

const step = (hash: number, code: number): number => (hash * 31 + code) & MASK;

function keyOfWord(word: string): number {
  const first = word.charCodeAt(0);
  if (isIdeograph(first)) return step(0, first);
  const [letters = ''] = /^\p{L}[\p{L}\p{M}]{0,3}/u.exec(word) ?? [];
  if (letters === '') throw new TypeError(`A phrase has to begin with a word: ${word}`);
  let hash = 0;
  for (let at = 0; at < letters.length; at++) hash = step(hash, letters.charCodeAt(at));
  return hash;
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

const isMark = (code: number): boolean => (code >= 0x2000 && code <= 0x303f) || (code >= 0xd800 && code <= 0xffff);

const [LETTER, DIGIT, IDEOGRAPH] = [1, 2, 3];
/** What a UTF-16 unit of folded text is to the scan. */
const KINDS = Uint8Array.from({ length: 0x10000 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return DIGIT;
  if (isIdeograph(code)) return IDEOGRAPH;
  return (code >= 0x61 && code <= 0x7a) || (code >= 0xc0 && !isMark(code)) ? LETTER : 0;
});

function byKey(words: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const keys = new Map<number, string[]>();
  for (const word of words) keys.set(keyOfWord(word), [...(keys.get(keyOfWord(word)) ?? []), word]);
  return keys;
}
