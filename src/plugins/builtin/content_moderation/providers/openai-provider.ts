import type { Egress } from '#libs/egress';
import type { Category } from '#libs/guardrails';
import { isJsonObject } from '#libs/mcp';
import type { OpenAiSettings } from '../content-moderation.settings.js';
import type { ModerationProvider, ModerationScores } from './moderation-provider.js';
import { askProvider, scoreOf, unreadable } from './provider-call.js';

/** By the name before the slash: `hate/threatening` is hate. */
const CATEGORIES: ReadonlyMap<string, Category> = new Map([
  ['hate', 'hate'],
  ['harassment', 'harassment'],
  ['self-harm', 'self_harm'],
  ['sexual', 'sexual'],
  ['violence', 'violence'],
]);

/** A moderations endpoint as OpenAI documents it. */
export class OpenAiProvider implements ModerationProvider {
  readonly name = 'openai';
  readonly longest = 100_000;
  readonly remote = true;

  constructor(
    private readonly settings: OpenAiSettings,
    private readonly egress: Egress,
  ) {}

  async moderate(text: string, signal?: AbortSignal): Promise<ModerationScores> {
    const { api_base, api_key, model, timeout } = this.settings;
    const { results } = await askProvider(this.name, this.egress, {
      url: `${api_base.replace(/\/+$/, '')}/moderations`,
      headers: api_key ? { authorization: `Bearer ${api_key}` } : {},
      body: { model, input: text },
      timeout,
      signal,
    });
    const [verdict]: unknown[] = Array.isArray(results) ? results : [];
    const given = isJsonObject(verdict) ? verdict['category_scores'] : undefined;
    if (!isJsonObject(given) || Object.keys(given).length === 0) throw unreadable(this.name);
    const scores: ModerationScores = {};
    for (const [name, value] of Object.entries(given)) {
      const category = CATEGORIES.get(name.split('/')[0] ?? '');
      if (category) scores[category] = Math.max(scores[category] ?? 0, scoreOf(this.name, value));
    }
    return { ...scores, toxic: Math.max(scores.hate ?? 0, scores.harassment ?? 0) };
  }
}
