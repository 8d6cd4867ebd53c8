import { isJsonObject, RESOURCE_UPDATED } from '#libs/mcp';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { KeptStream } from './kept-stream.js';
import { Throttle } from './throttle.js';
import type { UpdateListener, UpstreamSubscriptions } from './upstream-subscriptions.js';
import type { UpstreamStreams } from './upstream-streams.js';

/** Wishes that follow each other closer than this are asked for together, milliseconds. */
const TOGETHER_MS = 50;

/** At an upstream of 2026-07-28: one stream with all that is wanted; another takes its place when that changes. */
export class ModernSubscriptions implements UpstreamSubscriptions {
  #wanted: ReadonlySet<string> = new Set();
  /** The newest that said something, and one that is to take its place. */
  #current: KeptStream | undefined;
  #next: KeptStream | undefined;
  readonly #throttle = new Throttle(() => this.#open(), TOGETHER_MS);

  constructor(
    private readonly gateway: CatalogGateway,
    private readonly streams: UpstreamStreams,
    private readonly listener: UpdateListener,
  ) {}

  want(uris: ReadonlySet<string>): void {
    this.#wanted = uris;
    this.#throttle.ask();
  }

  async close(): Promise<void> {
    this.#throttle.stop();
    await Promise.all([this.#current?.stop(), this.#next?.stop()]);
  }

  #open(): void {
    const uris = [...this.#wanted];
    const asked = new Set(uris);
    let lost = false;
    void this.#next?.stop();
    const stream = new KeptStream({
      open: (signal) => this.streams.listen(this.gateway, { resourceSubscriptions: uris }, signal),
      opened: () => {
        // What was updated while nobody listened was told to nobody.
        if (lost) for (const uri of uris) this.listener.updated(uri);
        lost = true;
      },
      heard: ({ method, params }) => {
        // Its first word says that it listens; until then the one before it did.
        this.#settle(stream);
        const uri = isJsonObject(params) ? params['uri'] : undefined;
        if (method === RESOURCE_UPDATED && typeof uri === 'string' && asked.has(uri)) this.listener.updated(uri);
      },
      failed: (error) => this.listener.failed(error),
    });
    this.#next = stream;
  }

  #settle(stream: KeptStream): void {
    if (stream !== this.#next) return;
    void this.#current?.stop();
    this.#current = stream;
    this.#next = undefined;
  }
}
