import { AnswerTemplate, type Era, META_KEYS } from '#libs/mcp';
import type { CallOrigin, OwnedRow, Permission, Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { createHash } from 'node:crypto';
import { personOf } from '../../auth/principals/person-of.js';
import { UntrustedTools } from '../../plugins/integrity/untrusted-tools.js';
import { AccessService } from '../../rbac/access.service.js';
import type { CatalogGateway, CatalogItem, Definition, ServerView } from '../../registry/catalog/catalog.js';
import { ToolSearchSettings } from '../../registry/servers/tool-search.settings.js';
import { GateSettings } from '../gate.settings.js';
import { SEARCH_TOOLS } from '../search/search-tools.js';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import { makesTasks, withoutTaskSupport } from '../tasks/task-offers.js';
import { ListCursors, type UnknownCursor } from './list-cursors.js';

export type ListMember = 'tools' | 'resources' | 'templates' | 'prompts';

type Listed = OwnedRow & Pick<CatalogItem, 'name' | 'definition' | 'gateway'>;

export interface ListKind {
  readonly member: ListMember;
  /** The member of the result. */
  readonly shownAs: string;
  readonly permission: Permission;
}

const TOOLS: ListKind = { member: 'tools', shownAs: 'tools', permission: 'tools.read' };

/** The four list methods, and what `/rpc` calls one of them besides. */
export const LISTS: ReadonlyMap<string, ListKind> = new Map<string, ListKind>([
  ['tools/list', TOOLS],
  ['list_tools', TOOLS],
  ['resources/list', { member: 'resources', shownAs: 'resources', permission: 'resources.read' }],
  ['resources/templates/list', { member: 'templates', shownAs: 'resourceTemplates', permission: 'resources.read' }],
  ['prompts/list', { member: 'prompts', shownAs: 'prompts', permission: 'prompts.read' }],
]);

const PAGES = 500;
// A cached page holds its cursor, so the cursor must outlive it.
const PAGE_LIFE_MS = 3_600_000;
const CURSOR_LIFE_MS = 2 * PAGE_LIFE_MS;
// How long a client may keep a list; an edit of rights should show soon.
const TTL_MS = 30_000;

/**
 * Pages of lists, serialised once for everyone who sees the same entries of the same catalogue; one that is not the last,
 * once for each person, whose cursor it holds.
 */
@Injectable()
export class ListPages {
  readonly #pages = new LRUCache<string, AnswerTemplate>({ max: PAGES, ttl: PAGE_LIFE_MS });
  /** Which entries a principal sees of a view: worked out once, dropped with either or with the rules. */
  readonly #seen = new WeakMap<ServerView, WeakMap<Principal, Map<ListMember, Seen>>>();

  constructor(
    private readonly access: AccessService,
    private readonly settings: GateSettings,
    private readonly search: ToolSearchSettings,
    private readonly cursors: ListCursors,
    private readonly untrusted: UntrustedTools,
  ) {}

  /** The page, or why the cursor does not lead to one. */
  page(kind: ListKind, at: Looking, form: ListForm, cursor: unknown): AnswerTemplate | UnknownCursor {
    const seen = this.#see(kind, at);
    const offset = this.cursors.read(cursor, seen.key, at.principal);
    if (typeof offset === 'string') return offset;
    const end = offset + this.settings.listPageSize;
    const goesOn = !seen.searched && end < seen.rows.length;
    const owner = goesOn ? personOf(at.principal) : '';
    const key = `${seen.key} ${form.era} ${form.tasks} ${offset} ${seen.unavailable.join()} ${owner}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const nextCursor = goesOn ? this.cursors.mint(end, seen.key, at.principal, CURSOR_LIFE_MS) : undefined;
    const page = this.#render(kind, seen, form, { offset, end, nextCursor });
    this.#pages.set(key, page);
    return page;
  }

  /** The tools that the caller may see, listed or not, and a key that is the same for everyone who sees the same. */
  tools(at: Looking): SeenTools {
    return this.#see(TOOLS, at);
  }

  /** The gateways of what the caller sees in any of the lists. */
  gateways(at: Looking): ReadonlySet<CatalogGateway> {
    const rows = [...LISTS.values()].flatMap((kind) => this.#see(kind, at).rows);
    return new Set(rows.flatMap(({ gateway }) => gateway ?? []));
  }

  /** The same as long as the list shows the same. */
  fingerprint(kind: ListKind, at: Looking): string {
    return this.#see(kind, at).key;
  }

  #render(
    { shownAs }: ListKind,
    { rows, searched, unavailable }: Seen,
    { era, tasks }: ListForm,
    part: Part,
  ): AnswerTemplate {
    const { offset, end, nextCursor } = part;
    const page = searched ? SEARCH_TOOLS : rows.slice(offset, end).map((row) => shown(row, tasks));
    const meta = {
      ...(era === 'modern' && MODERN_META),
      ...(searched && { [UNLISTED]: { total: rows.length, listed: 0 } }),
      ...(unavailable.length > 0 && { [UNAVAILABLE]: unavailable }),
    };
    const result = {
      [shownAs]: page,
      ...(nextCursor !== undefined && { nextCursor }),
      ...(era === 'modern' && MODERN_MEMBERS),
      ...(Object.keys(meta).length > 0 && { _meta: meta }),
    };
    return new AnswerTemplate(JSON.stringify(result));
  }

  #see({ member, permission }: ListKind, { view, principal, origin }: Looking): Seen {
    const ofView = this.#seen.get(view) ?? new WeakMap<Principal, Map<ListMember, Seen>>();
    this.#seen.set(view, ofView);
    const ofPrincipal = ofView.get(principal) ?? new Map<ListMember, Seen>();
    ofView.set(principal, ofPrincipal);
    const known = ofPrincipal.get(member);
    const rules = this.access.rulesVersion(permission);
    const trust = this.untrusted.version;
    if (known && rules !== undefined && known.rules === rules && known.trust === trust) return known;
    const all: readonly CatalogItem[] = view[member];
    const served = firstOfEachName(this.access.visible(principal, permission, all, { origin }));
    // Whose gateway is stale keeps its name: nobody else's item may take its calls over.
    const rows = served.filter(
      (item) => !item.gateway?.stale && !(member === 'tools' && this.untrusted.hides(item, view.id, principal)),
    );
    const searched = member === 'tools' && this.#isSearched(view, rows.length);
    const key = known && isSame(known.rows, rows) ? known.key : keyOf(view, member, rows, searched);
    const seen = { rules, trust, rows, searched, key, unavailable: unavailableOf(served) };
    ofPrincipal.set(member, seen);
    return seen;
  }

  #isSearched({ toolSearch }: ServerView, visible: number): boolean {
    return toolSearch === 'always' || (toolSearch === 'auto' && visible > this.search.threshold);
  }
}

/** A page of a list. */
interface Part {
  readonly offset: number;
  readonly end: number;
  readonly nextCursor: string | undefined;
}

/** How a list is shown to a client. */
export interface ListForm {
  readonly era: Era;
  /** The client may make tasks of calls (2025-11-25, in a session). */
  readonly tasks: boolean;
}

const shown = ({ definition, gateway }: Listed, tasks: boolean): Definition =>
  tasks && makesTasks(gateway, 'legacy') ? definition : withoutTaskSupport(definition);

/** Who looks, from where, at what. */
export interface Looking {
  readonly view: ServerView;
  readonly principal: Principal;
  readonly origin: CallOrigin;
}

export type SeenTools = Pick<Seen, 'rows' | 'key'>;

interface Seen {
  /** What it was decided by; undefined when each call must be decided by itself. */
  readonly rules: number | undefined;
  /** Of the guardrails that hide tools. */
  readonly trust: object;
  readonly rows: readonly Listed[];
  /** The list holds tools to search these with instead. */
  readonly searched: boolean;
  /** The same for everyone who sees the same entries, on every replica. */
  readonly key: string;
  /** Slugs of the gateways whose upstreams are away, of those that have entries here. */
  readonly unavailable: readonly string[];
}

const isSame = (some: readonly Listed[], others: readonly Listed[]): boolean =>
  some.length === others.length && some.every((row, at) => row === others[at]);

const keyOf = (view: ServerView, member: ListMember, rows: readonly Listed[], searched: boolean): string =>
  digest([view.id ?? '', member, String(searched), ...rows.map(({ definition }) => digestOf(definition))]);

/** Definitions are read anew with each catalogue, and then seen by everybody. */
const digests = new WeakMap<Definition, string>();

function digestOf(definition: Definition): string {
  const known = digests.get(definition) ?? digest([JSON.stringify(definition)]);
  digests.set(definition, known);
  return known;
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

const MODERN_MEMBERS = {
  resultType: 'complete',
  ttlMs: TTL_MS,
  cacheScope: 'private',
};
const MODERN_META = { [META_KEYS.serverInfo]: GATE_IDENTITY };
/** In `_meta` of a list: the slugs of upstreams that are away. Their entries are those of before, or missing. */
export const UNAVAILABLE = 'io.portcullis/unavailable';
/** In `_meta` of a list that is searched instead: how many tools the caller may call, and how many of them it lists. */
const UNLISTED = 'io.portcullis/tools';

function unavailableOf(rows: readonly Listed[]): string[] {
  const slugs = rows.flatMap(({ gateway }) => (gateway && !gateway.reachable ? [gateway.slug] : []));
  return [...new Set(slugs)].sort();
}

/** Where gateways collide under a name, the gate serves the first that the caller may see; the list says the same. */
function firstOfEachName<Item extends Listed>(rows: readonly Item[]): Item[] {
  const names = new Set<string>();
  return rows.filter(({ name }) => !names.has(name) && names.add(name));
}
