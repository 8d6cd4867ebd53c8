import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { UsageObserver } from '../audit/usage-observer.js';
import type { RequestContext } from '../http/request-context.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { TokensSettings } from './tokens.settings.js';

const TOKENS = 10_000;
const AT_ONCE = 500;
/** What is used within so many milliseconds is written together. */
const GATHER_MS = 1000;

/** Keeps `last_used` of tokens, off the path of calls: one statement for many tokens, seldom for each. */
@Injectable()
export class LastUsed implements BeforeApplicationShutdown {
  readonly #log = new Logger(LastUsed.name);
  readonly #written: LRUCache<string, true>;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: ApiTokenRepository,
    observer: UsageObserver,
    settings: TokensSettings,
  ) {
    this.#written = new LRUCache({ max: TOKENS, ttl: settings.lastUsedMinutes * 60_000 });
    observer.onEnd((context) => this.#saw(context));
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const jtis = [...this.#waiting];
    this.#waiting.clear();
    const now = new Date();
    for (let from = 0; from < jtis.length; from += AT_ONCE) await this.#write(jtis.slice(from, from + AT_ONCE), now);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  #saw({ principal }: RequestContext): void {
    const jti = principal?.tokenId;
    if (principal?.kind !== 'api_token' || !jti || this.#written.has(jti)) return;
    this.#written.set(jti, true);
    this.#waiting.add(jti);
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  async #write(jtis: readonly string[], now: Date): Promise<void> {
    try {
      await this.tokens.used(jtis, now);
    } catch (error) {
      // The next use tries again.
      for (const jti of jtis) this.#written.delete(jti);
      this.#log.warn({ message: 'last_used of tokens was not written', tokens: jtis.length, error });
    }
  }
}
