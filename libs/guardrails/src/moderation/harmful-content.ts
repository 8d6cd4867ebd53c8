import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { CATEGORY_THRESHOLDS } from './categories.js';
import { ModerationLexicon } from './moderation-lexicon.js';

const CATEGORIES = ['self_harm', 'violence', 'hate'] as const;

/**
 * Finds harm to oneself, violence and hate: it judges the whole text with the lexicon and gives the findings of the
 * categories that reach their thresholds.
 */
export class HarmfulContentDetector implements Detector {
  readonly #lexicon = new ModerationLexicon();

  find(text: string): readonly Finding[] {
    const { scores, findings } = this.#lexicon.judge(text);
    const harmful: readonly string[] = CATEGORIES.filter(
      (category) => scores[category] >= CATEGORY_THRESHOLDS[category],
    );
    return findings.filter(({ type }) => harmful.includes(type));
  }
}
