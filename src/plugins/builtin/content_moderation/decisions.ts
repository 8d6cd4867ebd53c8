import type { JsonObject } from '#libs/mcp';
import type { Violation } from '../../plugin.js';
import type { CategoryRule } from './category.settings.js';
import { ACTIONS, type ModerationAction } from './content-moderation.settings.js';
import type { Verdict } from './moderator.js';

export interface Decision {
  readonly violation?: Violation;
  /** Of each text about which something is done; the strictest that any of its categories asks for. */
  readonly actions: ReadonlyMap<string, ModerationAction>;
  readonly metadata?: JsonObject;
}

/** Decides by all the categories that reach their threshold, not by the highest alone. */
export class Decisions {
  constructor(
    private readonly rules: readonly CategoryRule[],
    private readonly tellsConfidence: boolean,
  ) {}

  of(texts: readonly string[], { provider, scores }: Verdict): Decision {
    const actions = new Map<string, ModerationAction>();
    const categories = new Set<string>();
    let confidence = 0;
    for (const text of texts) {
      for (const { category, threshold, action, patterns } of this.rules) {
        const given = scores.get(text)?.[category] ?? 0;
        const score = patterns.some((pattern) => pattern.test(text)) ? 1 : given;
        if (score < threshold || score === 0) continue;
        categories.add(category);
        confidence = Math.max(confidence, score);
        actions.set(text, stricter(actions.get(text), action));
      }
    }
    if (categories.size === 0) return { actions };
    const details: JsonObject = {
      categories: [...categories],
      provider,
      ...(this.tellsConfidence && { confidence: Math.round(confidence * 100) / 100 }),
    };
    const blocks = [...actions.values()].includes('block');
    return { actions, metadata: { moderation: details }, ...(blocks && { violation: refusal(categories, details) }) };
  }
}

const stricter = (one: ModerationAction | undefined, other: ModerationAction): ModerationAction =>
  one && ACTIONS.indexOf(one) > ACTIONS.indexOf(other) ? one : other;

const refusal = (categories: ReadonlySet<string>, details: JsonObject): Violation => ({
  reason: 'Content moderation',
  description: `Detected categories: ${[...categories].join(', ')}`,
  code: 'CONTENT_MODERATION',
  details,
});
