import { ACKNOWLEDGED, isJsonObject, type JsonObject, LIST_NOTICES, type NoticedList, noticedLists } from '#libs/mcp';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { type Catalog, type CatalogGateway, CatalogReader } from '../../registry/catalog/catalog.js';
import { isPerUser } from '../../registry/gateways/oauth-access.js';
import { CatalogueCrawls } from './catalogue-crawls.js';
import { KeptStream } from './kept-stream.js';
import { UpstreamStreams } from './upstream-streams.js';

const CLOSING_MS = 1000;

interface Watch {
  readonly target: CatalogGateway['target'];
  readonly of: string;
  readonly stream: KeptStream;
}

/** One stream at each upstream that tells when its lists change. */
@Injectable()
export class ListWatches implements BeforeApplicationShutdown {
  readonly #log = new Logger(ListWatches.name);
  readonly #watches = new Map<string, Watch>();
  #stopped = false;

  constructor(
    catalog: CatalogReader,
    private readonly crawls: CatalogueCrawls,
    private readonly streams: UpstreamStreams,
  ) {
    catalog.onSwap((current) => this.#follow(current));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    const watches = [...this.#watches.values()];
    this.#watches.clear();
    // Upstreams forget their sessions by themselves one day.
    const ended = Promise.all(watches.map(({ stream }) => stream.stop()));
    await Promise.race([ended, pause(CLOSING_MS, undefined, { ref: false })]);
  }

  /** What cannot be reached is not listened to: a dead connection is let go, and there is one anew when it is back. */
  #follow({ gateways }: Catalog): void {
    if (this.#stopped) return;
    const left = new Set(this.#watches.keys());
    for (const gateway of gateways.values()) {
      const lists = noticedLists(gateway.discovery.capabilities);
      if (!gateway.reachable || isPerUser(gateway.oauth?.config) || lists.length === 0) continue;
      const { id, target, discovery } = gateway;
      const of = JSON.stringify([discovery.era, discovery.revision, lists]);
      const known = this.#watches.get(id);
      left.delete(id);
      if (known?.target === target && known.of === of) continue;
      void known?.stream.stop();
      this.#watches.set(id, { target, of, stream: this.#watch(gateway, lists) });
    }
    for (const id of left) {
      void this.#watches.get(id)?.stream.stop();
      this.#watches.delete(id);
    }
  }

  #watch(gateway: CatalogGateway, lists: readonly NoticedList[]): KeptStream {
    const { id: gatewayId, slug } = gateway;
    const methods = new Set<unknown>(lists.map((list) => LIST_NOTICES[list].method));
    const filter = Object.fromEntries(lists.map((list) => [LIST_NOTICES[list].filter, true as const]));
    return new KeptStream({
      open: async (signal) => {
        if (gateway.discovery.era === 'modern') return this.streams.listen(gateway, filter, signal);
        return (await this.streams.session(gateway, signal))?.stream;
      },
      // What changed while nobody listened was told to nobody.
      opened: () => this.crawls.changed(gatewayId),
      heard: (message) => {
        if (isEmptyAcknowledgement(message)) return false;
        if (methods.has(message['method'])) this.crawls.changed(gatewayId);
        return true;
      },
      failed: (error) => this.#log.debug({ message: 'the stream of an upstream broke', gatewayId, slug, error }),
    });
  }
}

/** The upstream honours nothing of what it was asked for. */
function isEmptyAcknowledgement({ method, params }: JsonObject): boolean {
  if (method !== ACKNOWLEDGED || !isJsonObject(params)) return false;
  const { notifications } = params;
  return isJsonObject(notifications) && Object.keys(notifications).length === 0;
}
