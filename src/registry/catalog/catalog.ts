import type { JsonObject, UriTemplate, Discovery, ParamHeader, UpstreamTarget } from '#libs/mcp';
import type { OwnedRow, SenderConstraint } from '#libs/policy';
import type { OauthUpstream } from '../gateways/oauth-access.js';
import type { ToolSearch } from '../servers/tool-search.js';

/** An item as its upstream described it, every member kept. */
export type Definition = Readonly<Record<string, unknown>>;

export interface CatalogGateway extends OwnedRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly transport: string;
  readonly tags: readonly string[];
  /** Where and with which credentials; unsealed, in memory only. */
  readonly target: UpstreamTarget;
  /** How tokens for it are got; undefined for another credential, which the target has. */
  readonly oauth?: OauthUpstream | undefined;
  readonly discovery: Discovery;
  /** The request headers of callers that go along with calls, in lower case; mostly none. */
  readonly passthrough: readonly string[];
  /** It is told who calls, while that is on. */
  readonly propagatesIdentity: boolean;
  /** Answered at its last health check. */
  readonly reachable: boolean;
  /** Away for longer than GATEWAY_STALE_LIMIT: its items are known, but neither listed nor asked for. */
  readonly stale: boolean;
}

export interface CatalogItem extends OwnedRow {
  readonly id: string;
  /** The name or URI by which callers of this view know it. */
  readonly name: string;
  /** The name or URI by which the upstream knows it. */
  readonly upstreamName: string;
  /** Null for what the gateway keeps itself. */
  readonly gateway: CatalogGateway | null;
  /** How the gateway answers for it itself; null for an upstream's. */
  readonly kept: JsonObject | null;
  /** What a tool that the gateway calls itself sends along; null for everything else. */
  readonly sealedCredential: string | null;
  readonly tags: readonly string[];
  /** The hints of a tool. */
  readonly annotations: JsonObject | null;
  /** What guardrails decided about a tool; absent where they never saw it. */
  readonly standing?: string | undefined;
  /** What a list shows: the definition under the view's name, with what people wrote over it. */
  readonly definition: Definition;
  /** The arguments of a tool that are mirrored in headers; empty for everything else. */
  readonly paramHeaders: readonly ParamHeader[];
}

export type CatalogTool = CatalogItem;
export type CatalogResource = CatalogItem;
export type CatalogPrompt = CatalogItem;
export interface CatalogTemplate extends CatalogItem {
  readonly template: UriTemplate;
}

/** Items under one name. There are several where gateways collide: a caller gets the first that he may see. */
export type ByName<Item> = ReadonlyMap<string, readonly Item[]>;

/** What one MCP endpoint offers: a virtual server, or everything for `/mcp`. Immutable. */
export interface ServerView extends OwnedRow {
  /** undefined for `/mcp`. */
  readonly id: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** The external issuers whose tokens it takes; absent where OAuth is off. */
  readonly authorizationServers?: readonly string[];
  readonly senderConstrained: SenderConstraint;
  readonly toolSearch: ToolSearch;
  readonly tools: readonly CatalogTool[];
  readonly toolsByName: ByName<CatalogTool>;
  readonly resources: readonly CatalogResource[];
  readonly resourcesByUri: ByName<CatalogResource>;
  readonly templates: readonly CatalogTemplate[];
  readonly prompts: readonly CatalogPrompt[];
  readonly promptsByName: ByName<CatalogPrompt>;
}

/** Two items want one name or URI. */
export interface Collision {
  /** The virtual server in which they do; undefined for `/mcp`, and for the prefixed names that all share. */
  readonly serverId: string | undefined;
  readonly kind: 'tools' | 'resources' | 'prompts';
  readonly name: string;
  /** The id of the item that has it: that of the older gateway, or the older one; null for a tool of the gate itself. */
  readonly served: string | null;
  readonly other: string;
  /** What the other goes by instead; null where it is hidden from who sees both. */
  readonly otherName: string | null;
}

/** Everything the MCP endpoints serve, at one version; swapped whole when the registry changes. */
export interface Catalog {
  readonly version: number;
  /** Enabled gateways by id. */
  readonly gateways: ReadonlyMap<string, CatalogGateway>;
  readonly everything: ServerView;
  /** Enabled virtual servers by id. */
  readonly servers: ReadonlyMap<string, ServerView>;
  readonly collisions: readonly Collision[];
  /** What guardrails decided about tools, by their ids; also of those that are disabled. */
  readonly standings: ReadonlyMap<string, string>;
}

/** Reads the catalog of now, without a database query. */
export abstract class CatalogReader {
  abstract get current(): Catalog;
  /** Told of each new catalogue, when it is in place. Must not throw. */
  abstract onSwap(listener: (catalog: Catalog) => void): void;

  /** What the endpoint of a virtual server offers, or `/mcp` without one; undefined where there is no such server. */
  view(serverId: string | undefined): ServerView | undefined {
    const { everything, servers } = this.current;
    return serverId === undefined ? everything : servers.get(serverId);
  }
}
