import { neighbours } from './neighbours.js';
import { PhraseTable, type TableEntry } from './phrase-table.js';
import { requiredWords } from './required-words.js';
import { type Traits, Words } from './words.js';

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

/** Rule name, weight, the words it may begin with (separated by `|`), and what follows them. */
export type PhraseRow = readonly [rule: string, weight: number, words: string, rest: string];

interface Entry extends PhraseRule, TableEntry {}

/** How a pattern begins whose word opens a sentence; cheaper to tell without it. */
const SENTENCE = '(?<=(?:^|[.!?:;>';

/**
 * The rules of one family. A word with fewer than four letters stands for itself, a longer one for every word with its
 * first four letters; the pattern then decides. Patterns are read on folded text and have to be bounded: they are tried
 * at every such word that has around it what the pattern requires.
 */
export function family(name: string, rows: readonly PhraseRow[]): readonly Entry[] {
  return rows.map(([rule, weight, words, rest]) => ({
    family: name,
    rule,
    weight,
    pattern: new RegExp(`(?:${words})(?:${rest})`, 'y'),
    words: words.split('|'),
    requires: requiredWords(rest),
    neighbours: neighbours(rest),
    isFirst: rest.startsWith(SENTENCE),
  }));
}

/** A long text made of nothing but opening words must not be held a second time, as numbers. */
const MOST_OPENINGS = 4096;

/** Looks for the phrases of many rules in one pass: each word costs one table look-up, and rules only where it hits. */
export class PhraseRules {
  private readonly table: PhraseTable;

  constructor(private readonly rules: readonly Entry[]) {
    this.table = new PhraseTable(rules);
  }

  /**
   * @param text folded
   * @param found is told of each hit, in the order of the text
   */
  scan(text: string, found: (hit: PhraseHit) => void): Traits {
    const { table } = this;
    const words = new Words(text);
    // Many tables first and their patterns then: each comes to caches of its own.
    const openings: number[] = [];
    for (let word = 0; word < words.length; word++) {
      const row = table.rowOf(words.keys[word]!);
      if (row !== 0) table.open(row, words, word, openings);
      if (openings.length >= MOST_OPENINGS) this.match(text, openings.splice(0), found);
    }
    this.match(text, openings, found);
    return words.traits;
  }

  private match(text: string, openings: readonly number[], found: (hit: PhraseHit) => void): void {
    for (let at = 0; at < openings.length; at += 2) {
      const [rule, start] = [this.rules[openings[at]!]!, openings[at + 1]!];
      rule.pattern.lastIndex = start;
      if (rule.pattern.test(text)) found({ rule, start, end: rule.pattern.lastIndex });
    }
  }
}
