import type { FieldRules } from '#libs/fields';
import { type JsonObject, RPC_CODES } from '../json-rpc.js';
import { Budget } from './budget.js';
import type { ItemKind } from './catalogue-item.js';
import type { Discovery, UpstreamOptions } from './discovery.js';
import { ItemSieve, type SkippedItem } from './item-sieve.js';
import { LegacySession } from './legacy-session.js';
import { ModernPeer } from './modern-peer.js';
import { UpstreamError } from './upstream-error.js';
import type { UpstreamHttp } from './upstream-http.js';
import type { UpstreamPeer } from './upstream-peer.js';
import type { UpstreamTarget } from './upstream-target.js';

/** All that an upstream offers, in its own order, each item as it was sent, unknown members included. */
export interface Catalogue {
  readonly tools: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly skipped: readonly SkippedItem[];
}

export interface CrawlLimits extends UpstreamOptions {
  /** Of each list; 100 when left out. */
  readonly maxPages?: number;
  /** Of each list, those left out included; 5,000 when left out. */
  readonly maxItems?: number;
  /** What names, descriptions, URIs and media types may be; the standard ones when left out. */
  readonly fields?: FieldRules;
}

/**
 * Reads every list that the capabilities announce, page by page. A bad item costs itself only, a failing list the crawl:
 * half a catalogue must not replace a whole one.
 * @throws UpstreamError
 */
export async function crawlCatalogue(
  http: UpstreamHttp,
  target: UpstreamTarget,
  discovery: Discovery,
  limits: CrawlLimits,
): Promise<Catalogue> {
  const budget = new Budget(limits);
  if (discovery.era === 'modern') {
    return crawl(new ModernPeer(http, target, limits.identity, discovery.revision), discovery, limits, budget);
  }
  const session = discovery.sessionful
    ? await LegacySession.open(http, target, limits.identity, budget)
    : new LegacySession(http, target, { ...discovery, id: undefined });
  try {
    return await crawl(session, discovery, limits, budget);
  } finally {
    await session.close();
  }
}

async function crawl(
  peer: UpstreamPeer,
  { era, capabilities }: Discovery,
  { maxPages = 100, maxItems = 5_000, fields }: CrawlLimits,
  budget: Budget,
): Promise<Catalogue> {
  const skipped: SkippedItem[] = [];
  const list = async (kind: ItemKind, capability: string, method: string, member: string): Promise<JsonObject[]> => {
    const sieve = new ItemSieve(kind, era, maxItems, skipped, fields);
    if (capabilities[capability]) await readList({ peer, method, member, maxPages, budget }, sieve);
    return sieve.kept;
  };
  return {
    tools: await list('tool', 'tools', 'tools/list', 'tools'),
    resources: await list('resource', 'resources', 'resources/list', 'resources'),
    resourceTemplates: await list('resource_template', 'resources', 'resources/templates/list', 'resourceTemplates'),
    prompts: await list('prompt', 'prompts', 'prompts/list', 'prompts'),
    skipped,
  };
}

interface ListSource {
  readonly peer: UpstreamPeer;
  readonly method: string;
  /** The member of the result that holds the items. */
  readonly member: string;
  readonly maxPages: number;
  readonly budget: Budget;
}

async function readList(source: ListSource, sieve: ItemSieve): Promise<void> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < source.maxPages; page++) {
    const { items, next } = await readPage(source, cursor);
    for (const item of items) if (!sieve.take(item)) return;
    // A cursor that comes back would lead round in circles. An empty one is a cursor like any other.
    if (next === undefined || cursors.has(next)) return;
    cursors.add(next);
    cursor = next;
  }
  sieve.leaveRest(`is longer than ${source.maxPages} pages`);
}

async function readPage(
  { peer, method, member, budget }: ListSource,
  cursor: string | undefined,
): Promise<{ readonly items: readonly unknown[]; readonly next?: string }> {
  const result = await unlessUnknown(peer.request(method, cursor === undefined ? {} : { cursor }, budget));
  if (result === undefined) return { items: [] };
  const { [member]: items, nextCursor: next } = result;
  if (!Array.isArray(items))
    throw new UpstreamError('invalid_answer', `answered ${method} without a list of ${member}`);
  return typeof next === 'string' ? { items, next } : { items };
}

/** Servers announce a capability and leave out one of its lists, templates above all. */
async function unlessUnknown(answer: Promise<JsonObject>): Promise<JsonObject | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UpstreamError && error.rpcCode === RPC_CODES.methodNotFound) return undefined;
    throw error;
  }
}
