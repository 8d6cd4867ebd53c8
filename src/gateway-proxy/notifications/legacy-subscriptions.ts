import { isJsonObject, type JsonObject, type LegacySession, RESOURCE_UPDATED, UpstreamError } from '#libs/mcp';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { KeptStream } from './kept-stream.js';
import type { UpdateListener, UpstreamSubscriptions } from './upstream-subscriptions.js';
import type { UpstreamStreams } from './upstream-streams.js';

/** At an older upstream: `resources/subscribe` in a session of their own, whose stream tells of updates. */
export class LegacySubscriptions implements UpstreamSubscriptions {
  #wanted: ReadonlySet<string> = new Set();
  /** Those the session was asked for. */
  readonly #held = new Set<string>();
  #session: LegacySession | undefined;
  #signal: AbortSignal = AbortSignal.abort();
  #asking = false;
  #lost = false;
  readonly #stream: KeptStream;

  constructor(
    private readonly gateway: CatalogGateway,
    private readonly streams: UpstreamStreams,
    private readonly listener: UpdateListener,
  ) {
    this.#stream = new KeptStream({
      open: (signal) => this.#open(signal),
      opened: () => this.#opened(),
      heard: (message) => this.#heard(message),
      failed: (error) => listener.failed(error),
    });
  }

  want(uris: ReadonlySet<string>): void {
    this.#wanted = uris;
    void this.#ask();
  }

  close(): Promise<void> {
    return this.#stream.stop();
  }

  async #open(signal: AbortSignal) {
    this.#session = undefined;
    this.#held.clear();
    const opened = await this.streams.session(this.gateway, signal);
    this.#session = opened?.session;
    this.#signal = signal;
    return opened?.stream;
  }

  #opened(): void {
    void this.#ask();
    // What was updated while nobody listened was told to nobody.
    if (this.#lost) for (const uri of this.#wanted) this.listener.updated(uri);
    this.#lost = true;
  }

  #heard({ method, params }: JsonObject): void {
    const uri = isJsonObject(params) ? params['uri'] : undefined;
    if (method === RESOURCE_UPDATED && typeof uri === 'string') this.listener.updated(uri);
  }

  /** One request after another, until the session has what is wanted. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#send(...next);
    } catch (error) {
      this.listener.failed(error);
      this.#stream.again();
    } finally {
      this.#asking = false;
    }
  }

  #next(): readonly [session: LegacySession, method: string, uri: string] | undefined {
    if (!this.#session) return undefined;
    for (const uri of this.#wanted) if (!this.#held.has(uri)) return [this.#session, 'resources/subscribe', uri];
    for (const uri of this.#held) if (!this.#wanted.has(uri)) return [this.#session, 'resources/unsubscribe', uri];
    return undefined;
  }

  async #send(session: LegacySession, method: string, uri: string): Promise<void> {
    try {
      await session.request(method, { uri }, this.streams.budget(this.#signal));
    } catch (error) {
      if (session !== this.#session) return;
      // What the upstream refuses is not asked for again in this session.
      if (!(error instanceof UpstreamError) || error.reason !== 'rpc_error') throw error;
      this.listener.failed(error);
    }
    if (session !== this.#session) return;
    if (method === 'resources/subscribe') this.#held.add(uri);
    else this.#held.delete(uri);
  }
}
