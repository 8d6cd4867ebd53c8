import type { OwnedRow } from '#libs/policy';
import { boundedName } from '#libs/mcp';
import type { ByName, CatalogItem, Collision, ServerView } from './catalog.js';
import type { StoredServer } from './catalog-source.js';
import { type CompiledItems, renamed } from './compile-items.js';

interface Heading extends OwnedRow {
  readonly id: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly authorizationServers?: readonly string[];
}

const EVERYTHING: Heading = {
  id: undefined,
  name: 'Portcullis',
  description: '',
  tags: [],
  visibility: 'public',
  teamId: null,
  ownerEmail: null,
};

/** Lays out the compiled items for one MCP endpoint after the other. */
export class ServerViews {
  readonly collisions: Collision[] = [];

  constructor(private readonly items: CompiledItems) {
    for (const kind of ['tools', 'prompts'] as const)
      for (const { wanted, ...ends } of items.renamings[kind])
        this.collisions.push({ serverId: undefined, kind, name: wanted, ...ends });
  }

  everything(): ServerView {
    return this.#view(EVERYTHING, this.items);
  }

  ofServer({ row, itemIds }: StoredServer): ServerView {
    const { id, name, description, tags, visibility, teamId, ownerEmail, toolNaming, oauthEnabled, oauthConfig } = row;
    const oauth = oauthEnabled ? { authorizationServers: oauthConfig?.authorization_servers ?? [] } : {};
    const chosen = <Item extends CatalogItem>(items: readonly Item[]) => items.filter((item) => itemIds.has(item.id));
    const named = <Item extends CatalogItem>(items: readonly Item[]) =>
      toolNaming === 'prefixed' ? chosen(items) : chosen(items).map((item) => renamed(item, originalName(item)));
    return this.#view(
      { id, name, description, tags, visibility, teamId, ownerEmail, ...oauth },
      {
        tools: named(this.items.tools),
        prompts: named(this.items.prompts),
        resources: chosen(this.items.resources),
        templates: chosen(this.items.templates),
      },
    );
  }

  #view(heading: Heading, items: Omit<CompiledItems, 'renamings'>): ServerView {
    const { tools, resources, templates, prompts } = items;
    this.#byName(heading.id, 'resources', templates);
    return {
      ...heading,
      tools,
      resources,
      templates,
      prompts,
      toolsByName: this.#byName(heading.id, 'tools', tools),
      resourcesByUri: this.#byName(heading.id, 'resources', resources),
      promptsByName: this.#byName(heading.id, 'prompts', prompts),
    };
  }

  #byName<Item extends CatalogItem>(
    serverId: string | undefined,
    kind: Collision['kind'],
    items: readonly Item[],
  ): ByName<Item> {
    const byName = new Map<string, Item[]>();
    for (const item of items) {
      const same = byName.get(item.name) ?? [];
      const [first] = same;
      const { id: other, name } = item;
      if (first) this.collisions.push({ serverId, kind, name, served: first.id, other, otherName: null });
      byName.set(item.name, [...same, item]);
    }
    return byName;
  }
}

const originalName = ({ gateway, upstreamName }: CatalogItem): string =>
  gateway ? boundedName(upstreamName) : upstreamName;
