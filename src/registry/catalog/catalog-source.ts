import type { PromptEntity } from '../items/prompt.entity.js';
import type { ResourceEntity } from '../items/resource.entity.js';
import type { ToolEntity } from '../items/tool.entity.js';
import type { ServerEntity } from '../servers/server.entity.js';
import type { ToolSearch } from '../servers/tool-search.js';
import type { CatalogGateway } from './catalog.js';

export type Stored<Row> = Omit<Row, 'gateway'>;

/** A virtual server and the ids of what it offers. */
export interface StoredServer {
  readonly row: ServerEntity;
  readonly itemIds: ReadonlySet<string>;
}

/** Where the parts of the catalogue of now are read. */
export abstract class CatalogSource {
  abstract load(): Promise<CatalogParts>;
}

/** What a catalogue is built from: enabled rows, items in the order of their gateways and their upstreams' lists. */
export interface CatalogParts {
  readonly gateways: readonly CatalogGateway[];
  readonly tools: readonly Stored<ToolEntity>[];
  readonly resources: readonly Stored<ResourceEntity>[];
  readonly prompts: readonly Stored<PromptEntity>[];
  /** What was decided about tools, by their ids. */
  readonly standings: ReadonlyMap<string, string>;
  readonly servers: readonly StoredServer[];
  /** Between the slug of a gateway and the name of an item. */
  readonly separator: string;
  /** Of the endpoints that offer everything. */
  readonly toolSearch: ToolSearch;
}
