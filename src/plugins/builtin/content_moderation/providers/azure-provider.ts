import type { Egress } from '#libs/egress';
import type { Category } from '#libs/guardrails';
import { isJsonObject } from '#libs/mcp';
import type { AzureSettings } from '../content-moderation.settings.js';
import type { ModerationProvider, ModerationScores } from './moderation-provider.js';
import { askProvider, scoreOf, unreadable } from './provider-call.js';

const CATEGORIES: ReadonlyMap<unknown, Category> = new Map<unknown, Category>([
  ['Hate', 'hate'],
  ['SelfHarm', 'self_harm'],
  ['Sexual', 'sexual'],
  ['Violence', 'violence'],
]);
const HIGHEST_SEVERITY = 7;
/** The severity that is as sure as can be: 4, which Azure calls medium, is 0.8 and over every threshold. */
const CERTAIN = 5;

/** Azure AI Content Safety, `text:analyze`. */
export class AzureProvider implements ModerationProvider {
  readonly name = 'azure';
  readonly longest = 10_000;
  readonly remote = true;

  constructor(
    private readonly settings: AzureSettings,
    private readonly egress: Egress,
  ) {}

  async moderate(text: string, signal?: AbortSignal): Promise<ModerationScores> {
    const { endpoint, api_key, api_version, timeout } = this.settings;
    const { categoriesAnalysis: given } = await askProvider(this.name, this.egress, {
      url: `${endpoint.replace(/\/+$/, '')}/contentsafety/text:analyze?api-version=${api_version}`,
      headers: { 'ocp-apim-subscription-key': api_key },
      body: { text, categories: [...CATEGORIES.keys()], outputType: 'EightSeverityLevels' },
      timeout,
      signal,
    });
    if (!Array.isArray(given) || given.length === 0) throw unreadable(this.name);
    const scores: ModerationScores = {};
    for (const item of given as unknown[]) {
      if (!isJsonObject(item)) throw unreadable(this.name);
      const category = CATEGORIES.get(item['category']);
      if (category) scores[category] = Math.min(1, scoreOf(this.name, item['severity'], HIGHEST_SEVERITY) / CERTAIN);
    }
    return scores;
  }
}
