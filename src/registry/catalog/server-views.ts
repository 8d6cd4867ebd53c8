import type { OwnedRow, SenderConstraint } from '#libs/policy';
import { boundedName } from '#libs/mcp';
import { SEARCH_TOOL_NAMES, type ToolSearch } from '../servers/tool-search.js';
import type { ByName, CatalogItem, CatalogTool, Collision, ServerView } from './catalog.js';
import type { StoredServer } from './catalog-source.js';
import { type CompiledItems, renamed } from './compile-items.js';
import { withId } from './prefixed-names.js';

interface Heading extends OwnedRow {
  readonly id: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly authorizationServers?: readonly string[];
  readonly toolSearch: ToolSearch;
  readonly senderConstrained: SenderConstraint;
}

const EVERYTHING: Omit<Heading, 'toolSearch'> = {
  id: undefined,
  name: 'Portcullis',
  description: '',
  tags: [],
  visibility: 'public',
  teamId: null,
  ownerEmail: null,
  senderConstrained: 'none',
};

/** Lays out the compiled items for one MCP endpoint after the other. */
export class ServerViews {
  readonly collisions: Collision[] = [];

  constructor(
    private readonly items: CompiledItems,
    private readonly separator: string,
  ) {
    for (const kind of ['tools', 'prompts'] as const)
      for (const { wanted, ...ends } of items.renamings[kind])
        this.collisions.push({ serverId: undefined, kind, name: wanted, ...ends });
  }

  everything(toolSearch: ToolSearch): ServerView {
    return this.#view({ ...EVERYTHING, toolSearch }, this.items);
  }

  ofServer({ row, itemIds }: StoredServer): ServerView {
    const { id, name, description, tags, visibility, teamId, ownerEmail, toolSearch } = row;
    const { toolNaming, oauthEnabled, oauthConfig, senderConstrained } = row;
    const oauth = oauthEnabled ? { authorizationServers: oauthConfig?.authorization_servers ?? [] } : {};
    const chosen = <Item extends CatalogItem>(items: readonly Item[]) => items.filter((item) => itemIds.has(item.id));
    const named = <Item extends CatalogItem>(items: readonly Item[]) =>
      toolNaming === 'prefixed' ? chosen(items) : chosen(items).map((item) => renamed(item, originalName(item)));
    return this.#view(
      { id, name, description, tags, visibility, teamId, ownerEmail, toolSearch, senderConstrained, ...oauth },
      {
        tools: named(this.items.tools),
        prompts: named(this.items.prompts),
        resources: chosen(this.items.resources),
        templates: chosen(this.items.templates),
      },
    );
  }

  #view(heading: Heading, items: Omit<CompiledItems, 'renamings'>): ServerView {
    const { resources, templates, prompts } = items;
    const tools = heading.toolSearch === 'off' ? items.tools : this.#besideOurs(heading.id, items.tools);
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

  /** The names of the search are its own: an item that would go by one of them goes by another. */
  #besideOurs(serverId: string | undefined, tools: readonly CatalogTool[]): readonly CatalogTool[] {
    return tools.map((item) => {
      const { id: other, name } = item;
      if (!SEARCH_TOOL_NAMES.has(name)) return item;
      const otherName = withId(name, this.separator, other);
      this.collisions.push({ serverId, kind: 'tools', name, served: null, other, otherName });
      return renamed(item, otherName);
    });
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
