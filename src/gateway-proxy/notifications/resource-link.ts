import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import { LegacySubscriptions } from './legacy-subscriptions.js';
import type { Listener } from './listener.js';
import { ModernSubscriptions } from './modern-subscriptions.js';
import { Throttle } from './throttle.js';
import type { UpdateListener, UpstreamSubscriptions } from './upstream-subscriptions.js';
import type { UpstreamStreams } from './upstream-streams.js';

/** Updates of one resource that follow each other closer than this are told once, milliseconds. */
const TOGETHER_MS = 100;

/** A listener who wants to know of one resource. */
export interface Subscription {
  readonly listener: Listener;
  /** By which the listener knows it. */
  readonly uri: string;
  /** By which the upstream knows it. */
  readonly upstreamUri: string;
  readonly link: ResourceLink;
}

/** What all streams of one caller want to know of one upstream. */
export class ResourceLink {
  readonly #subscribers = new Map<string, Set<Subscription>>();
  readonly #updated = new Set<string>();
  readonly #throttle = new Throttle(() => this.#tell(), TOGETHER_MS);
  readonly #upstream: UpstreamSubscriptions;

  constructor(
    readonly gateway: CatalogGateway,
    streams: UpstreamStreams,
    private readonly deliver: (subscription: Subscription) => void,
    failed: UpdateListener['failed'],
  ) {
    const Subscriptions = gateway.discovery.era === 'modern' ? ModernSubscriptions : LegacySubscriptions;
    this.#upstream = new Subscriptions(gateway, streams, { updated: (uri) => this.#note(uri), failed });
  }

  /** Resources. */
  get size(): number {
    return this.#subscribers.size;
  }

  has(upstreamUri: string): boolean {
    return this.#subscribers.has(upstreamUri);
  }

  add(subscription: Subscription): void {
    const { upstreamUri } = subscription;
    const known = this.#subscribers.get(upstreamUri);
    if (known) return void known.add(subscription);
    this.#subscribers.set(upstreamUri, new Set([subscription]));
    this.#want();
  }

  drop(subscription: Subscription): void {
    const { upstreamUri } = subscription;
    const known = this.#subscribers.get(upstreamUri);
    known?.delete(subscription);
    if (known?.size !== 0) return;
    this.#subscribers.delete(upstreamUri);
    if (this.size > 0) this.#want();
  }

  close(): Promise<void> {
    this.#throttle.stop();
    return this.#upstream.close();
  }

  #want(): void {
    this.#upstream.want(new Set(this.#subscribers.keys()));
  }

  #note(uri: string): void {
    if (!this.#subscribers.has(uri)) return;
    this.#updated.add(uri);
    this.#throttle.ask();
  }

  #tell(): void {
    const uris = [...this.#updated];
    this.#updated.clear();
    for (const uri of uris) for (const subscription of this.#subscribers.get(uri) ?? []) this.deliver(subscription);
  }
}
