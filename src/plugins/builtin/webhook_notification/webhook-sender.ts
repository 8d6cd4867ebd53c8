import { type Egress } from '#libs/egress';
import { Logger } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GATE_IDENTITY } from '../../../config/gate-identity.js';
import type { WebhookSettings } from './webhook-notification.settings.js';

/** Messages that wait for one webhook; of more, the newest are dropped. */
const MOST_WAITING = 1000;
const AT_ONCE = 4;
const LONGEST_PAUSE_MS = 60_000;
const MOST_ANSWER_BYTES = 65_536;

/** Tells one webhook, in the background. Nobody waits for it, and nothing fails with it. */
export class WebhookSender {
  readonly #log = new Logger(WebhookSender.name);
  readonly #waiting: string[] = [];
  readonly #closed = new AbortController();
  readonly #url: URL;
  #sending = 0;
  #dropped = 0;

  constructor(
    private readonly settings: WebhookSettings,
    private readonly egress: Egress,
  ) {
    this.#url = new URL(settings.url);
  }

  send(body: string): void {
    if (this.#closed.signal.aborted) return;
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(body);
    else if (this.#dropped++ === 0) this.#warn('messages are dropped: too many wait');
    this.#next();
  }

  close(): void {
    this.#waiting.length = 0;
    this.#closed.abort();
  }

  #next(): void {
    while (this.#sending < AT_ONCE) {
      const body = this.#waiting.shift();
      if (body === undefined) return;
      this.#dropped = 0;
      this.#sending++;
      void this.#deliver(body).finally(() => {
        this.#sending--;
        this.#next();
      });
    }
  }

  async #deliver(body: string): Promise<void> {
    const { retry_attempts, retry_delay } = this.settings;
    for (let retries = 0; ; retries++) {
      const outcome = await this.#try(body);
      if (outcome === 'told' || this.#closed.signal.aborted) return;
      if (outcome === 'refused' || retries >= retry_attempts) return this.#warn('a message could not be delivered');
      const ms = Math.min(LONGEST_PAUSE_MS, retry_delay * 2 ** retries);
      await pause(ms, undefined, { signal: this.#closed.signal, ref: false }).catch(() => undefined);
    }
  }

  async #try(body: string): Promise<'told' | 'failed' | 'refused'> {
    try {
      const { status } = await this.egress.request(this.#url, {
        method: 'POST',
        headers: this.#headers(body),
        body,
        timeoutMs: this.settings.timeout * 1000,
        maxBytes: MOST_ANSWER_BYTES,
        signal: this.#closed.signal,
      });
      if (status >= 200 && status < 300) return 'told';
      return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'refused' : 'failed';
    } catch {
      return 'failed';
    }
  }

  #headers(body: string): Record<string, string> {
    const { type, token, api_key, api_key_header, hmac_secret, hmac_algorithm, hmac_header } =
      this.settings.authentication;
    const headers = {
      'content-type': 'application/json',
      'user-agent': `${GATE_IDENTITY.name}/${GATE_IDENTITY.version}`,
    };
    if (type === 'bearer') return { ...headers, authorization: `Bearer ${token}` };
    if (type === 'api_key') return { ...headers, [api_key_header.toLowerCase()]: api_key ?? '' };
    if (type === 'none') return headers;
    // With its time, so that nobody can send it again later.
    const seconds = String(Math.floor(Date.now() / 1000));
    const signature = createHmac(hmac_algorithm, hmac_secret ?? '')
      .update(`${seconds}.${body}`)
      .digest('hex');
    const name = hmac_header.toLowerCase();
    return { ...headers, [name]: `${hmac_algorithm}=${signature}`, [`${name}-timestamp`]: seconds };
  }

  /** The path of a webhook is often its secret. */
  #warn(message: string): void {
    this.#log.warn({ message: `webhook: ${message}`, host: this.#url.host });
  }
}
