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

/** Rule name, weight, the words it may begin with (separated by `|`), what follows them. */
export type PhraseRow = readonly [rule: string, weight: number, words: string, rest: string];

interface Entry extends PhraseRule {
  /** The words it may begin with, by their key. */
  readonly words: ReadonlyMap<number, readonly string[]>;
  readonly rest: string;
}

/** The rules for words with one key. */
interface Bucket {
  readonly rules: Entry[];
  /** Any of them: one look that says, nearly always, that no rule is worth trying. */
  any?: RegExp;
}

/** So many letters of a word are looked up: enough to be rare, few enough to meet every ending. */
const KEY_LENGTH = 4;
/** Many more than there are keys, so that few words of a text meet a bucket by chance. */
const SLOTS = 1 << 16;
const MASK = SLOTS - 1;
/** Characters; shorter runs cannot hold an encoded order. */
const LONG_RUN = 24;
const MOST_RUNS = 16;
const MOST_MIXED = 128;

/**
 * The rules of one family. A word with fewer than four letters stands for itself, a longer one for every word with its
 * first four letters; the pattern then decides. Patterns are read on folded text and have to be bounded: they are tried
 * at every such word.
 */
export function family(name: string, rows: readonly PhraseRow[]): readonly Entry[] {
  return rows.map(([rule, weight, words, rest]) => ({
    family: name,
    rule,
    weight,
    pattern: new RegExp(`(?:${words})(?:${rest})`, 'y'),
    words: byKey(words.split('|')),
    rest,
  }));
}

/** Looks for the phrases of many rules in one pass: each word costs one table look-up, and rules only where it hits. */
export class PhraseRules {
  private readonly buckets = new Map<number, Bucket>();
  /** 1 where there is a bucket. */
  private readonly slots = new Uint8Array(SLOTS);

  constructor(rules: readonly Entry[]) {
    for (const rule of rules) {
      for (const key of rule.words.keys()) {
        this.slots[key] = 1;
        const bucket = this.buckets.get(key) ?? { rules: [] };
        this.buckets.set(key, bucket);
        bucket.rules.push(rule);
      }
    }
  }

  /** @param found is told of each hit, in the order of the text */
  scan(text: string, found: (hit: PhraseHit) => void): Traits {
    const traits: Traits = { mixed: [], runs: [], spacedLetters: 0, repeats: 0 };
    const { slots } = this;
    const end = text.length;
    let [run, spaced, lastKey, repeats] = [0, 0, 0, 0];
    for (let at = 0; at < end;) {
      const code = text.charCodeAt(at);
      const kind = KINDS[code];
      if (kind !== LETTER) {
        if (kind === DIGIT) {
          if (traits.mixed.length < MOST_MIXED && KINDS[text.charCodeAt(at + 1)] === LETTER) traits.mixed.push(at);
        } else {
          if (at - run >= LONG_RUN && traits.runs.length < MOST_RUNS) traits.runs.push([run, at]);
          run = at + 1;
          if (kind === IDEOGRAPH) this.tryAt(text, at, step(0, code), found);
        }
        at++;
        continue;
      }
      const start = at;
      let key = code & MASK;
      let next = 0;
      while (++at < end && KINDS[(next = text.charCodeAt(at))] === LETTER) {
        if (at < start + KEY_LENGTH) key = step(key, next);
      }
      spaced = at === start + 1 ? spaced + 1 : 0;
      if (spaced > traits.spacedLetters) traits.spacedLetters = spaced;
      repeats = key === lastKey ? repeats + 1 : 0;
      if (repeats > traits.repeats) traits.repeats = repeats;
      lastKey = key;
      if (slots[key] === 1) this.tryAt(text, start, key, found);
    }
    if (end - run >= LONG_RUN) traits.runs.push([run, end]);
    return traits;
  }

  private tryAt(text: string, start: number, key: number, found: (hit: PhraseHit) => void): void {
    const bucket = this.buckets.get(key);
    if (bucket === undefined) return;
    const any = (bucket.any ??= anyOf(bucket.rules, key));
    any.lastIndex = start;
    if (!any.test(text)) return;
    for (const rule of bucket.rules) {
      rule.pattern.lastIndex = start;
      if (rule.pattern.test(text)) found({ rule, start, end: rule.pattern.lastIndex });
    }
  }
}

const anyOf = (rules: readonly Entry[], key: number): RegExp =>
  new RegExp(rules.map(({ words, rest }) => `(?:${words.get(key)?.join('|')})(?:${rest})`).join('|'), 'y');

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
