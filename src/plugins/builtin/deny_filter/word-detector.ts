import type { Detector, Finding } from '#libs/guardrails';

const BEYOND_WORD = /[^\p{L}\p{N}]/u;
/** Of a word's characters, UTF-16 units. */
const UNITS = 0x1_0000;
/** Of the table of beginnings: many more than two characters of most lists make. */
const PAIRS = 1 << 12;
/** Lists of so many words have a pattern; it looks at so many characters of each, so a place of a text is bounded. */
const [FEW, GLANCE] = [8, 8];
/** What means something else in a pattern. */
const SYNTAX = /[\\^$.*+?()[\]{}|]/g;

/**
 * Finds the words of a list, whatever their case, in one pass (Aho-Corasick): the time does not depend on how many
 * there are, nor on what they have in common.
 */
export class WordDetector implements Detector {
  /** From a state, times UNITS, and a character to the next state. The states are the beginnings of words; 0 is none. */
  readonly #next = new Map<number, number>();
  /** Whether a word may begin with two characters: hardly any place of a text takes another look. */
  readonly #begins = new Uint8Array(PAIRS);
  /** Where a list is short, says in a third of the time, and with little memory, that no word of it begins anywhere. */
  readonly #glance: RegExp | undefined;
  /** The state of the longest beginning that this one ends with. */
  readonly #fallback = [0];
  /** Of the word that a state is, or else 0. */
  readonly #length = [0];

  constructor(
    words: readonly string[],
    private readonly whole: boolean,
  ) {
    const levels: [state: number, before: number, unit: number][][] = [];
    const distinct = new Set(words.map((each) => lowered(each.normalize('NFKC'))));
    if (distinct.size <= FEW) this.#glance = new RegExp(Array.from(distinct, beginningOf).join('|'));
    for (const word of distinct) {
      const first = word.charCodeAt(0);
      if (word.length > 1) this.#begins[pairOf(first, word.charCodeAt(1))] = 1;
      else for (let second = 0; second < PAIRS; second++) this.#begins[pairOf(first, second)] = 1;
      let state = 0;
      for (let at = 0; at < word.length; at++) {
        const [before, unit] = [state, word.charCodeAt(at)];
        state = this.#next.get(before * UNITS + unit) ?? 0;
        if (state !== 0) continue;
        state = this.#length.push(0) - 1;
        this.#next.set(before * UNITS + unit, state);
        (levels[at] ??= []).push([state, before, unit]);
      }
      this.#length[state] = word.length;
    }
    for (const [state, before, unit] of levels.flat())
      this.#fallback[state] = before === 0 ? 0 : this.#after(this.#fallback[before] ?? 0, unit);
  }

  find(text: string): readonly Finding[] {
    const read = lowered(text);
    const findings: Finding[] = [];
    if (this.#glance?.test(read) === false) return findings;
    let state = 0;
    const begins = this.#begins;
    for (let at = 0, next = read.charCodeAt(0); at < read.length; at++) {
      const unit = next;
      next = at + 1 < read.length ? read.charCodeAt(at + 1) : 0;
      if (state === 0 && begins[pairOf(unit, next)] === 0) continue;
      state = this.#after(state, unit);
      const start = state === 0 ? -1 : this.#startOf(state, read, at + 1);
      if (start >= 0) findings.push({ type: 'deny_word', start, end: at + 1, score: 1, rule: 'word' });
    }
    return findings;
  }

  #after(state: number, unit: number): number {
    for (let from = state; ; from = this.#fallback[from] ?? 0) {
      const next = this.#next.get(from * UNITS + unit);
      if (next !== undefined || from === 0) return next ?? 0;
    }
  }

  /** Of the longest word that ends here; negative without one. */
  #startOf(state: number, text: string, end: number): number {
    for (let at = state; at !== 0; at = this.#fallback[at] ?? 0) {
      const length = this.#length[at] ?? 0;
      if (length > 0 && (!this.whole || isWhole(text, end - length, end))) return end - length;
    }
    return -1;
  }
}

const beginningOf = (word: string): string => word.slice(0, GLANCE).replaceAll(SYNTAX, String.raw`\$&`);

const pairOf = (first: number, second: number): number => ((first * 37) ^ second) & (PAIRS - 1);

const isWhole = (text: string, start: number, end: number): boolean =>
  (start === 0 || BEYOND_WORD.test(characterBefore(text, start))) &&
  (end === text.length || BEYOND_WORD.test(String.fromCodePoint(text.codePointAt(end) ?? 0)));

function characterBefore(text: string, at: number): string {
  const code = at > 1 ? (text.codePointAt(at - 2) ?? 0) : 0;
  return code > 0xffff ? String.fromCodePoint(code) : text.charAt(at - 1);
}

/** In lower case, each character where it stood. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  const kept = lower.length === text.length ? lower : Array.from(text, ofSameLength).join('');
  return kept.replaceAll('ς', 'σ');
}

function ofSameLength(character: string): string {
  const lower = character.toLowerCase();
  return lower.length === character.length ? lower : character;
}
