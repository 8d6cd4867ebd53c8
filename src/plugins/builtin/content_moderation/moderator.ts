import type { Egress } from '#libs/egress';
import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import type { ContentModerationSettings, ProviderName } from './content-moderation.settings.js';
import { LocalProvider } from './providers/local-provider.js';
import { makeProvider } from './providers/make-provider.js';
import { ModerationError, type ModerationProvider, type ModerationScores } from './providers/moderation-provider.js';
import { type Window, windowsOf } from './windows.js';

/** What was said of each text. */
export interface Verdict {
  readonly provider: string;
  readonly scores: ReadonlyMap<string, ModerationScores>;
  /** Why those who should have judged could not. */
  readonly fault?: string;
}

/** More than providers in the network are asked about at once. */
export class TooMuchTextError extends Error {}

const MOST_WINDOWS = 64;
const AT_ONCE = 4;
const MOST_CACHED = 10_000;

/** Asks the provider, then the one that stands in for it; last, the lexicon. */
export class Moderator {
  /** Those that lack an address or a credential. */
  readonly missing: readonly ProviderName[];
  readonly #providers: readonly ModerationProvider[];
  readonly #local = new LocalProvider();
  readonly #cache: LRUCache<string, ModerationScores> | undefined;

  /** @throws PluginConfigError */
  constructor(
    private readonly settings: ContentModerationSettings,
    egress: Egress,
  ) {
    const { provider, fallback_provider, enable_caching, cache_ttl } = settings;
    const missing: ProviderName[] = [];
    const made = (name: ProviderName | null, key: string): ModerationProvider[] => {
      const one = name ? makeProvider(name, key, settings, egress) : undefined;
      if (name && !one) missing.push(name);
      return one ? [one] : [];
    };
    this.#providers = [...made(provider, 'provider'), ...made(fallback_provider, 'fallback_provider')];
    this.missing = missing;
    if (enable_caching) this.#cache = new LRUCache({ max: MOST_CACHED, ttl: cache_ttl * 1000 });
  }

  /** At once where only the lexicon is asked. @throws TooMuchTextError in the promise */
  moderate(texts: readonly string[], signal: () => AbortSignal): Verdict | Promise<Verdict> {
    const [first] = this.#providers;
    if (!first) return { ...this.#judged(this.#local, texts), fault: `${this.missing.join(', ')} not configured` };
    return first.remote ? this.#asked(texts, signal()) : this.#judged(first, texts);
  }

  async #asked(texts: readonly string[], signal: AbortSignal): Promise<Verdict> {
    const faults: string[] = [];
    for (const provider of this.#providers) {
      try {
        if (!provider.remote) return this.#judged(provider, texts);
        const windows = windowsOf(texts, Math.min(provider.longest, this.settings.max_text_length), true);
        if (windows.length > MOST_WINDOWS) throw new TooMuchTextError();
        return { provider: provider.name, scores: merged(windows, await this.#askAll(provider, windows, signal)) };
      } catch (error) {
        if (!(error instanceof ModerationError)) throw error;
        faults.push(error.message);
      }
    }
    return { ...this.#judged(this.#local, texts), fault: faults.join('; ') };
  }

  #judged(provider: ModerationProvider, texts: readonly string[]): Verdict {
    const windows = windowsOf(texts, this.settings.max_text_length, false);
    const scores = windows.map(({ text }) => provider.moderate(text) as ModerationScores);
    return { provider: provider.name, scores: merged(windows, scores) };
  }

  async #askAll(
    provider: ModerationProvider,
    windows: readonly Window[],
    signal: AbortSignal,
  ): Promise<ModerationScores[]> {
    const scores: ModerationScores[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < windows.length; at = next++) {
        scores[at] = await this.#ask(provider, windows[at]?.text ?? '', signal);
      }
    };
    const stop = (error: unknown): never => {
      next = windows.length;
      throw error;
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, windows.length) }, () => work().catch(stop)));
    return scores;
  }

  async #ask(provider: ModerationProvider, text: string, signal: AbortSignal): Promise<ModerationScores> {
    const key = this.#cache && createHash('sha256').update(`${provider.name}\n${text}`).digest('base64');
    const known = key === undefined ? undefined : this.#cache?.get(key);
    if (known) return known;
    const scores = await provider.moderate(text, signal);
    if (key !== undefined) this.#cache?.set(key, scores);
    return scores;
  }
}

/** Of a text in several windows, the highest of each. */
function merged(windows: readonly Window[], scores: readonly ModerationScores[]): Map<string, ModerationScores> {
  const byText = new Map<string, ModerationScores>();
  for (const [at, { of }] of windows.entries()) {
    for (const text of of) {
      const known: ModerationScores = { ...byText.get(text) };
      for (const [name, score] of Object.entries(scores[at] ?? {}) as [keyof ModerationScores, number][])
        known[name] = Math.max(known[name] ?? 0, score);
      byText.set(text, known);
    }
  }
  return byText;
}
