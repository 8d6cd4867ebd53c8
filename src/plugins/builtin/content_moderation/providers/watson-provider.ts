import type { Egress } from '#libs/egress';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import type { WatsonSettings } from '../content-moderation.settings.js';
import { LocalProvider } from './local-provider.js';
import type { ModerationProvider, ModerationScores } from './moderation-provider.js';
import { askProvider, scoreOf, unreadable } from './provider-call.js';

/**
 * Watson Natural Language Understanding. It reads emotions and no harm, and an angry text is seldom a harmful one: it
 * raises what the lexicon says, and never lowers it.
 */
export class WatsonProvider implements ModerationProvider {
  readonly name = 'ibm_watson';
  readonly longest = 50_000;
  readonly remote = true;
  readonly #local = new LocalProvider();

  constructor(
    private readonly settings: WatsonSettings,
    private readonly egress: Egress,
  ) {}

  async moderate(text: string, signal?: AbortSignal): Promise<ModerationScores> {
    const { url, api_key, version, language, timeout } = this.settings;
    const answer = await askProvider(this.name, this.egress, {
      url: `${url.replace(/\/+$/, '')}/v1/analyze?version=${version}`,
      headers: { authorization: `Basic ${Buffer.from(`apikey:${api_key}`).toString('base64')}` },
      body: { text, language, features: { emotion: { document: true }, sentiment: { document: true } } },
      timeout,
      signal,
    });
    const { anger, disgust, fear } = documentOf(documentOf(answer, 'emotion'), 'emotion', false);
    const { score: sentiment } = documentOf(answer, 'sentiment');
    const [angry, disgusted, afraid] = [anger, disgust, fear].map((value) => scoreOf(this.name, value));
    if (typeof sentiment !== 'number' || !(sentiment >= -1 && sentiment <= 1)) throw unreadable(this.name);
    const negative = Math.max(0, -sentiment);
    const [a = 0, d = 0, f = 0] = [angry, disgusted, afraid];
    return raised(this.#local.moderate(text), {
      hate: a * d * negative,
      violence: a * f * negative,
      harassment: a * negative,
      toxic: Math.max(a, d) * negative,
    });
  }
}

function documentOf(answer: JsonObject, feature: string, within = true): JsonObject {
  const found = answer[feature];
  const document = within && isJsonObject(found) ? found['document'] : found;
  if (!isJsonObject(document)) throw unreadable('ibm_watson');
  return document;
}

function raised(scores: ModerationScores, others: ModerationScores): ModerationScores {
  const made = { ...scores };
  for (const name of Object.keys(others) as (keyof ModerationScores)[])
    made[name] = Math.max(scores[name] ?? 0, others[name] ?? 0);
  return made;
}
