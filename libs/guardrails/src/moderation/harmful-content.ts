import { RE2JS } from 're2js';
import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { CATEGORY_THRESHOLDS } from './categories.js';
import { ModerationLexicon } from './moderation-lexicon.js';
import { OperatorPattern } from './operator-pattern.js';

const MOST_FINDINGS = 64;
const CATEGORIES = ['self_harm', 'violence', 'hate'] as const;

/**
 * Finds harm to oneself, violence and hate. Without categories of the operator's own it judges the whole text with the
 * lexicon and gives the findings of the categories that reach their thresholds; with them, each is its patterns.
 */
export class HarmfulContentDetector implements Detector {
  readonly #lexicon: ModerationLexicon | undefined;
  readonly #categories: readonly (readonly [category: string, patterns: readonly OperatorPattern[]])[];

  /**
   * @param categories patterns (RE2 syntax, any case) by category, in the place of the built-in ones
   * @throws SyntaxError naming the pattern that is not RE2
   */
  constructor(categories?: Readonly<Record<string, readonly string[]>>) {
    this.#lexicon = categories ? undefined : new ModerationLexicon();
    this.#categories = Object.entries(categories ?? {}).map(([category, patterns]) => [
      category,
      patterns.map(
        (pattern, at) => new OperatorPattern(pattern, `categories.${category}[${at}]`, RE2JS.CASE_INSENSITIVE),
      ),
    ]);
  }

  find(text: string): readonly Finding[] {
    if (this.#lexicon) {
      const { scores, findings } = this.#lexicon.judge(text);
      const harmful: readonly string[] = CATEGORIES.filter(
        (category) => scores[category] >= CATEGORY_THRESHOLDS[category],
      );
      return findings.filter(({ type }) => harmful.includes(type));
    }
    const findings: Finding[] = [];
    for (const [type, patterns] of this.#categories) {
      for (const pattern of patterns) {
        for (const [start, end] of pattern.find(text, MOST_FINDINGS - findings.length)) {
          findings.push({ type, rule: pattern.name, score: 1, start, end });
        }
      }
    }
    return findings;
  }
}
