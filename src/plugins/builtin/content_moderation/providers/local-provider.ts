import { ModerationLexicon } from '#libs/guardrails';
import type { ModerationProvider, ModerationScores } from './moderation-provider.js';

/** The gateway's own lexicon: at once, in this process. */
export class LocalProvider implements ModerationProvider {
  readonly name = 'local';
  readonly longest = Number.POSITIVE_INFINITY;
  readonly remote = false;
  readonly #lexicon = new ModerationLexicon();

  moderate(text: string): ModerationScores {
    return this.#lexicon.judge(text).scores;
  }
}
