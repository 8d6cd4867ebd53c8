import type { Finding } from '../finding.js';
import { type Category, CATEGORY_THRESHOLDS } from './categories.js';
import { company, sentenceStart } from './company.js';
import { meet, setOf } from './letter-set.js';
import { CELL, END, START, type Words } from './scanner.js';
import type { CompiledTemplate } from './template.js';
import { letterOf, type Vocabulary } from './vocabulary.js';
import type { WordClass } from './words.rules.js';

export type Scores = Record<Category, number>;
export interface Judgement {
  /** 0 (nothing of the kind) to 1, for the text as a whole. */
  readonly scores: Scores;
  /** What the scores rest on, at most {@link MOST_FINDINGS} of a category. */
  readonly findings: readonly Finding[];
}

const MOST_FINDINGS = 32;
/** What company has left less of a match than this is none. */
const LEAST_SCORE = 0.2;
/** Of a match in however long a text. */
const LEAST_WEIGHT = 0.86;
/** Matches of one template that count. */
const MOST_MATCHES = 32;
const noScores = (): Scores => ({
  hate: 0,
  violence: 0,
  sexual: 0,
  self_harm: 0,
  harassment: 0,
  spam: 0,
  profanity: 0,
  toxic: 0,
});
const NOTHING: Judgement = { scores: Object.freeze(noScores()), findings: [] };

/** What one word says about manners, whatever stands around it. */
const MANNERS: readonly (readonly [WordClass, 'profanity' | 'spam', number])[] = [
  ['slur', 'profanity', 1.2],
  ['labels', 'profanity', 1],
  ['label', 'profanity', 0.8],
  ['insult', 'profanity', 1.1],
  ['trashy', 'profanity', 1],
  ['swear', 'profanity', 1.1],
  ['taunt', 'profanity', 0.6],
  ['cuss', 'profanity', 0.5],
  ['offer', 'spam', 0.5],
];
const MANNERS_BY_LETTER = new Map(
  MANNERS.map(([name, category, weight]) => [letterOf(name), { name, category, weight }]),
);
const MANNERED = setOf(MANNERS_BY_LETTER.keys());
const SEXUAL_WORTH = [0, 1, 2.5, 5];
const HINTS_ALONE = 0.8;

/** Gathers what templates and words found in one text. */
export class Evidence {
  readonly #findings: Finding[] = [];
  readonly #counts = new Map<Category, number>();
  /** Per category the best score of each sentence, by where the sentence begins. */
  readonly #sentences = new Map<Category, Map<number, number>>();

  constructor(
    private readonly words: Words,
    private readonly vocabulary: Vocabulary,
  ) {}

  match(template: CompiledTemplate, line: string): void {
    const { pattern, category, rule } = template;
    pattern.lastIndex = 0;
    let counted = 0;
    for (let match = pattern.exec(line); match && counted < MOST_MATCHES; match = pattern.exec(line)) {
      const [from, to] = [match.index, match.index + match[0].length];
      const begin = sentenceStart(line, from);
      const score = template.score * company(template, line, from, to);
      if (score >= LEAST_SCORE) {
        counted++;
        let best = this.#sentences.get(category);
        if (!best) this.#sentences.set(category, (best = new Map()));
        best.set(begin, Math.max(best.get(begin) ?? 0, score));
        this.#found(category, rule, score, from, to - 1);
      }
      pattern.lastIndex = from + 1;
    }
  }

  judge(): Judgement {
    const { words } = this;
    const scores = noScores();
    // A long text says more by chance: a single mild hit in it weighs less, a plain one still counts.
    const weight = Math.max(LEAST_WEIGHT, Math.min(1, (150 / Math.max(1, words.count)) ** 0.15));
    for (const [category, sentences] of this.#sentences) {
      let none = 1;
      for (const score of sentences.values()) none *= 1 - score * weight;
      scores[category] = 1 - none;
    }
    this.#manners(scores);
    this.#sex(scores);
    scores.toxic =
      1 -
      (1 - 0.85 * scores.hate) *
        (1 - 0.9 * scores.harassment) *
        (1 - 0.6 * scores.violence) *
        (1 - 0.5 * scores.profanity);
    if (this.#findings.length === 0) return NOTHING;
    return { scores, findings: this.#findings };
  }

  #manners(scores: Scores): void {
    if (!meet(MANNERED, this.words.present)) return;
    const { letters, length, count } = this.words;
    const sums = { profanity: 0, spam: 0 };
    for (let at = 0; at < length; at++) {
      const manner = MANNERS_BY_LETTER.get(letters[at]!);
      if (!manner) continue;
      sums[manner.category] += manner.weight;
      this.#found(manner.category, manner.name, Math.min(1, manner.weight * 0.8), at, at);
    }
    const density = Math.min(1, (60 / Math.max(1, count)) ** 0.5);
    scores.profanity = 1 - Math.exp(-sums.profanity * density);
    scores.spam = 1 - Math.exp(-sums.spam * density);
  }

  #sex(scores: Scores): void {
    const { weighed, count } = this.words;
    if (weighed.length === 0) return;
    const { words } = this.vocabulary;
    let sum = 0;
    let minors = false;
    let explicit = false;
    // The same word over and over is one matter: of each, two count.
    const seen = new Map<number, number>();
    for (const { word } of weighed) {
      minors ||= words[word]!.minor;
      const times = seen.get(word) ?? 0;
      seen.set(word, times + 1);
      const { sexual } = words[word]!;
      explicit ||= sexual > 1;
      if (times < 2) sum += SEXUAL_WORTH[sexual]!;
    }
    // Words that are at home in medicine, law and love as well.
    if (!explicit) sum *= HINTS_ALONE;
    if (sum === 0) return;
    scores.sexual = 1 - Math.exp(-sum / (1.2 + 0.3 * Math.sqrt(count)));
    if (scores.sexual < 0.3) return;
    for (const { at, word } of weighed) {
      const { sexual } = words[word]!;
      if (sexual > 0) this.#found('sexual', 'explicit', sexual / 3, at, at);
    }
    if (minors && scores.sexual >= CATEGORY_THRESHOLDS.sexual) scores.sexual = Math.max(scores.sexual, 0.98);
  }

  #found(type: Category, rule: string, score: number, first: number, last: number): void {
    const found = this.#counts.get(type) ?? 0;
    if (found >= MOST_FINDINGS) return;
    this.#counts.set(type, found + 1);
    const { cells } = this.words;
    this.#findings.push({ type, rule, score, start: cells[first * CELL + START]!, end: cells[last * CELL + END]! });
  }
}
