import { takesSubscriptions } from '#libs/mcp';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { personOf } from '../../auth/principals/person-of.js';
import { AccessService } from '../../rbac/access.service.js';
import { type CatalogGateway, CatalogReader } from '../../registry/catalog/catalog.js';
import { isPerUser } from '../../registry/gateways/oauth-access.js';
import { resourcesFor, upstreamNameOf } from '../gate/targets.js';
import { inSlices } from './in-slices.js';
import { type Listener, resourceUpdated } from './listener.js';
import { ResourceLink, type Subscription } from './resource-link.js';
import { Throttle } from './throttle.js';
import { UpstreamStreams } from './upstream-streams.js';

/** Callers with subscriptions at one upstream; connections for its other streams are left. */
const MOST_LINKS = 500;
/** Resources of one upstream that one caller may be subscribed to, over all streams. */
const MOST_OF_LINK = 1_000;
const TOGETHER_MS = 100;
const CLOSING_MS = 1000;

type Caller = Pick<Listener, 'principal' | 'serverId' | 'context'>;

interface Place {
  readonly gateway: CatalogGateway;
  readonly upstreamUri: string;
}

/** Tells listeners of updates of the resources that they subscribed to, as long as they may read them. */
@Injectable()
export class ResourceUpdates implements BeforeApplicationShutdown {
  readonly #log = new Logger(ResourceUpdates.name);
  /** By the upstream, then by the caller: updates for one are never heard by way of another. */
  readonly #links = new Map<string, Map<string, ResourceLink>>();
  /** By URI; undefined where nobody can be asked at the moment. */
  readonly #held = new Map<Listener, Map<string, Subscription | undefined>>();
  readonly #throttle = new Throttle(() => void this.#follow(), TOGETHER_MS);
  #following = false;

  constructor(
    private readonly catalog: CatalogReader,
    private readonly access: AccessService,
    private readonly streams: UpstreamStreams,
  ) {
    catalog.onSwap(() => this.#throttle.ask());
    access.onRulesChange(() => this.#throttle.ask());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#throttle.stop();
    const links = [...this.#links.values()].flatMap((ofGateway) => [...ofGateway.values()]);
    await Promise.race([Promise.all(links.map((link) => link.close())), pause(CLOSING_MS, undefined, { ref: false })]);
  }

  /** Streams at upstreams. */
  get size(): number {
    return [...this.#links.values()].reduce((sum, ofGateway) => sum + ofGateway.size, 0);
  }

  /** Whether somebody tells of updates of the resource, and the caller may know. */
  offers(caller: Caller, uri: string): boolean {
    const place = this.#placeOf(caller, uri);
    return place !== undefined && this.#hasRoom(place, caller);
  }

  /** From now on the listener hears of these, and of no others. */
  set(listener: Listener, uris: readonly string[]): void {
    const held = this.#held.get(listener) ?? new Map<string, Subscription | undefined>();
    const wanted = new Set(uris);
    for (const [uri, known] of held) {
      if (wanted.has(uri)) continue;
      held.delete(uri);
      this.#drop(known);
    }
    for (const uri of wanted) if (!held.has(uri)) held.set(uri, this.#hold(listener, uri));
    if (held.size === 0) this.#held.delete(listener);
    else this.#held.set(listener, held);
  }

  #hold(listener: Listener, uri: string): Subscription | undefined {
    const place = this.#placeOf(listener, uri);
    if (!place?.gateway.reachable || !this.#hasRoom(place, listener)) return undefined;
    const link = this.#linkOf(place.gateway, listener) ?? this.#link(place.gateway, listener);
    const held = { listener, uri, upstreamUri: place.upstreamUri, link };
    link.add(held);
    return held;
  }

  #drop(held: Subscription | undefined): void {
    if (!held) return;
    const { link, listener } = held;
    link.drop(held);
    if (link.size > 0) return;
    if (this.#linkOf(link.gateway, listener) === link) this.#forget(link.gateway.id, personOf(listener.principal));
    void link.close();
  }

  #forget(gatewayId: string, caller: string): void {
    const ofGateway = this.#links.get(gatewayId);
    ofGateway?.delete(caller);
    if (ofGateway?.size === 0) this.#links.delete(gatewayId);
  }

  #linkOf({ id }: CatalogGateway, caller: Caller): ResourceLink | undefined {
    return this.#links.get(id)?.get(personOf(caller.principal));
  }

  #link(gateway: CatalogGateway, caller: Caller): ResourceLink {
    const { id: gatewayId, slug } = gateway;
    const link = new ResourceLink(
      gateway,
      this.streams,
      (subscription) => this.#deliver(subscription),
      (error) => this.#log.debug({ message: 'subscriptions at an upstream broke', gatewayId, slug, error }),
    );
    const ofGateway = this.#links.get(gatewayId) ?? new Map<string, ResourceLink>();
    this.#links.set(gatewayId, ofGateway.set(personOf(caller.principal), link));
    return link;
  }

  #hasRoom({ gateway, upstreamUri }: Place, caller: Caller): boolean {
    const link = this.#linkOf(gateway, caller);
    if (link) return link.has(upstreamUri) || link.size < MOST_OF_LINK;
    return (this.#links.get(gateway.id)?.size ?? 0) < MOST_LINKS;
  }

  /** The same rule as for reading it, asked anew each time. */
  #placeOf({ principal, serverId, context }: Caller, uri: string): Place | undefined {
    const view = this.catalog.view(serverId);
    const item = view && resourcesFor(view, uri).find((row) => this.#mayRead(principal, row, context));
    const gateway = item?.gateway;
    if (!gateway || isPerUser(gateway.oauth?.config)) return undefined;
    if (!takesSubscriptions(gateway.discovery.capabilities)) return undefined;
    return { gateway, upstreamUri: upstreamNameOf(item, { targetName: uri }) ?? uri };
  }

  #mayRead(principal: Listener['principal'], row: Parameters<AccessService['decide']>[2], origin: Listener['context']) {
    return this.access.decide(principal, 'resources.read', row, { origin }).allowed;
  }

  #deliver({ listener, uri, upstreamUri, link }: Subscription): void {
    const place = this.#placeOf(listener, uri);
    if (place?.upstreamUri === upstreamUri && place.gateway.id === link.gateway.id) listener.send(resourceUpdated(uri));
  }

  /** After the catalogue or the rules have changed, everybody is where the resource is now. */
  async #follow(): Promise<void> {
    if (this.#held.size === 0) return;
    if (this.#following) return this.#throttle.ask();
    this.#following = true;
    try {
      this.#retire();
      await inSlices([...this.#held.keys()], (listener) => this.#move(listener));
    } catch (error) {
      this.#log.error({ message: 'subscriptions could not follow a change', error });
    } finally {
      this.#following = false;
    }
  }

  /** Of upstreams that are elsewhere now, or cannot be reached: who is there moves. */
  #retire(): void {
    const { gateways } = this.catalog.current;
    for (const [id, ofGateway] of this.#links) {
      for (const [caller, link] of ofGateway) if (!isSame(link.gateway, gateways.get(id))) this.#forget(id, caller);
    }
  }

  #move(listener: Listener): void {
    const held = this.#held.get(listener);
    if (!held) return;
    for (const [uri, known] of held) {
      const place = this.#placeOf(listener, uri);
      const stays = place && known?.upstreamUri === place.upstreamUri;
      if (stays && known.link === this.#linkOf(place.gateway, listener)) continue;
      this.#drop(known);
      const moved = this.#hold(listener, uri);
      held.set(uri, moved);
      // What happened to it meanwhile was told to nobody.
      if (moved) this.#deliver(moved);
    }
  }
}

function isSame({ target, discovery }: CatalogGateway, now: CatalogGateway | undefined): boolean {
  return now !== undefined && now.reachable && now.target === target && now.discovery.era === discovery.era;
}
