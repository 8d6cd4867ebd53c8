import { NOTICED_LISTS, type NoticedList } from '#libs/mcp';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AccessService } from '../../rbac/access.service.js';
import { CatalogReader } from '../../registry/catalog/catalog.js';
import { type ListKind, ListPages, LISTS } from '../gate/list-pages.js';
import { LIST_CHANGED, type Listener } from './listener.js';
import { inSlices } from './in-slices.js';
import { Throttle } from './throttle.js';

/** Changes that follow each other closer than this are told together, milliseconds. */
const TOGETHER_MS = 100;

const listsOf = (name: string): ListKind => LISTS.get(name) ?? never(name);
const never = (name: string): never => {
  throw new Error(`${name} is no list`);
};

/** What a notice is about: a change of resources is one of templates too. */
const ABOUT: Readonly<Record<NoticedList, readonly ListKind[]>> = {
  tools: [listsOf('tools/list')],
  prompts: [listsOf('prompts/list')],
  resources: [listsOf('resources/list'), listsOf('resources/templates/list')],
};

type Fingerprints = Readonly<Record<NoticedList, string>>;

/** Streams that see the same: one caller at one endpoint, from one place. */
interface Group {
  readonly listeners: Set<Listener>;
  seen: Fingerprints | undefined;
}

/** Tells listeners that a list is another, when it is for them. What many see is looked at once. */
@Injectable()
export class ListChanges implements OnApplicationShutdown {
  readonly #log = new Logger(ListChanges.name);
  readonly #groups = new Map<object, Map<string, Group>>();
  readonly #throttle = new Throttle(() => this.#look(), TOGETHER_MS);
  #looking = false;
  #again = false;

  constructor(
    private readonly catalog: CatalogReader,
    private readonly access: AccessService,
    private readonly lists: ListPages,
  ) {
    catalog.onSwap(() => this.#throttle.ask());
    access.onRulesChange(() => this.#throttle.ask());
  }

  onApplicationShutdown(): void {
    this.#throttle.stop();
  }

  /** Callers with an open stream. */
  get size(): number {
    return this.#groups.size;
  }

  /** Returns how to leave. */
  add(listener: Listener): () => void {
    const { principal, serverId, context } = listener;
    const ofPrincipal = this.#groups.get(principal) ?? new Map<string, Group>();
    this.#groups.set(principal, ofPrincipal);
    // Policies may read whence a call comes.
    const key = JSON.stringify([serverId, context.clientAddress, context.userAgent]);
    const group = ofPrincipal.get(key) ?? { listeners: new Set(), seen: this.#see(listener) };
    ofPrincipal.set(key, group);
    group.listeners.add(listener);
    return () => {
      group.listeners.delete(listener);
      if (group.listeners.size > 0) return;
      ofPrincipal.delete(key);
      if (ofPrincipal.size === 0) this.#groups.delete(principal);
    };
  }

  #look(): void {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#lookAtAll();
  }

  async #lookAtAll(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        const groups = [...this.#groups.values()].flatMap((ofPrincipal) => [...ofPrincipal.values()]);
        await inSlices(groups, (group) => this.#lookAt(group));
      }
    } catch (error) {
      this.#log.error({ message: 'listeners could not be told of a change', error });
    } finally {
      this.#looking = false;
    }
  }

  #lookAt(group: Group): void {
    const [first] = group.listeners;
    if (!first) return;
    const before = group.seen;
    const now = this.#see(first);
    group.seen = now;
    for (const listener of group.listeners) {
      if (!now) listener.end();
      else tell(listener, before, now);
    }
  }

  /** Undefined when the endpoint is not, or no longer, the caller's. */
  #see({ principal, serverId, context }: Listener): Fingerprints | undefined {
    const view = this.catalog.view(serverId);
    if (!view) return undefined;
    const at = { view, principal, origin: context };
    if (serverId !== undefined && !this.access.decide(principal, 'servers.use', view, { origin: context }).allowed) {
      return undefined;
    }
    const of = (list: NoticedList): string => ABOUT[list].map((kind) => this.lists.fingerprint(kind, at)).join(' ');
    return { tools: of('tools'), prompts: of('prompts'), resources: of('resources') };
  }
}

function tell(listener: Listener, before: Fingerprints | undefined, now: Fingerprints): void {
  for (const list of NOTICED_LISTS) {
    if (before?.[list] !== now[list] && listener.lists.has(list)) listener.send(LIST_CHANGED[list]);
  }
}
