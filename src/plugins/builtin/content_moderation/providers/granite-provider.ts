import type { Egress } from '#libs/egress';
import type { Category } from '#libs/guardrails';
import { isJsonObject } from '#libs/mcp';
import type { GraniteSettings } from '../content-moderation.settings.js';
import type { ModerationProvider, ModerationScores } from './moderation-provider.js';
import { askProvider, unreadable } from './provider-call.js';

/** The risks that the model is told by name, beside the one that holds them all. */
const RISKS: readonly (readonly [risk: string, category: Category])[] = [
  ['social_bias', 'hate'],
  ['violence', 'violence'],
  ['sexual_content', 'sexual'],
  ['profanity', 'profanity'],
];
const VERDICT = /^\W{0,20}(?:score>\W{0,10})?(yes|no)\b/i;
const CONFIDENCE = /<confidence>\s{0,10}(high|low)/i;

/**
 * Granite Guardian behind Ollama. The risk stands in the system message, the text in a message of its own; the model says
 * yes or no. Only a text that is harmful at all is asked about risk by risk.
 */
export class GraniteProvider implements ModerationProvider {
  readonly name = 'ibm_granite';
  readonly longest = 16_000;
  readonly remote = true;

  constructor(
    private readonly settings: GraniteSettings,
    private readonly egress: Egress,
  ) {}

  async moderate(text: string, signal?: AbortSignal): Promise<ModerationScores> {
    const harm = await this.#ask('harm', text, signal);
    if (harm === 0) return { toxic: 0 };
    const answers = await Promise.all(
      RISKS.map(async ([risk, category]) => [category, await this.#ask(risk, text, signal)] as const),
    );
    // The model has no names for these; what no other risk explains may be either.
    const unexplained = answers.every(([, score]) => score === 0) ? harm : 0;
    return { ...Object.fromEntries(answers), toxic: harm, self_harm: unexplained, harassment: unexplained };
  }

  async #ask(risk: string, text: string, signal: AbortSignal | undefined): Promise<number> {
    const { ollama_url, model, temperature, timeout } = this.settings;
    const { message } = await askProvider(this.name, this.egress, {
      url: `${ollama_url.replace(/\/+$/, '')}/api/chat`,
      body: {
        model,
        stream: false,
        options: { temperature },
        messages: [
          { role: 'system', content: risk },
          { role: 'user', content: text },
        ],
      },
      timeout,
      signal,
    });
    const said = isJsonObject(message) ? message['content'] : undefined;
    const verdict = typeof said === 'string' ? VERDICT.exec(said)?.[1]?.toLowerCase() : undefined;
    if (typeof said !== 'string' || verdict === undefined) throw unreadable(this.name);
    if (verdict === 'no') return 0;
    return CONFIDENCE.exec(said)?.[1]?.toLowerCase() === 'low' ? 0.65 : 0.95;
  }
}
