import type { OwnedRow } from '#libs/policy';
import type { ByName, CatalogItem, ServerView } from './catalog.js';
import type { StoredServer } from './catalog-source.js';
import { type CompiledItems, renamed } from './compile-items.js';

/** Two items of one view under one name or URI: who sees both is served the older gateway's. */
export interface Collision {
  /** The id of the virtual server; undefined for `/mcp`. */
  readonly serverId: string | undefined;
  readonly name: string;
  readonly served: string;
  readonly hidden: string;
}

interface Heading extends OwnedRow {
  readonly id: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
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

  constructor(private readonly items: CompiledItems) {}

  everything(): ServerView {
    return this.#view(EVERYTHING, this.items);
  }

  ofServer({ row, itemIds }: StoredServer): ServerView {
    const { id, name, description, tags, visibility, teamId, ownerEmail, toolNaming } = row;
    const chosen = <Item extends CatalogItem>(items: readonly Item[]) => items.filter((item) => itemIds.has(item.id));
    const named = <Item extends CatalogItem>(items: readonly Item[]) =>
      toolNaming === 'prefixed' ? chosen(items) : chosen(items).map((item) => renamed(item, item.upstreamName));
    return this.#view(
      { id, name, description, tags, visibility, teamId, ownerEmail },
      {
        tools: named(this.items.tools),
        prompts: named(this.items.prompts),
        resources: chosen(this.items.resources),
        templates: chosen(this.items.templates),
      },
    );
  }

  #view(heading: Heading, items: CompiledItems): ServerView {
    const { tools, resources, templates, prompts } = items;
    this.#byName(heading.id, templates);
    return {
      ...heading,
      tools,
      resources,
      templates,
      prompts,
      toolsByName: this.#byName(heading.id, tools),
      resourcesByUri: this.#byName(heading.id, resources),
      promptsByName: this.#byName(heading.id, prompts),
    };
  }

  #byName<Item extends CatalogItem>(serverId: string | undefined, items: readonly Item[]): ByName<Item> {
    const byName = new Map<string, Item[]>();
    for (const item of items) {
      const same = byName.get(item.name) ?? [];
      const [first] = same;
      if (first) this.collisions.push({ serverId, name: item.name, served: first.id, hidden: item.id });
      byName.set(item.name, [...same, item]);
    }
    return byName;
  }
}
