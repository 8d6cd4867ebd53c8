import type { Catalog } from './catalog.js';
import type { CatalogParts } from './catalog-source.js';
import { compileItems } from './compile-items.js';
import { ServerViews } from './server-views.js';

/** Compiles what the gate serves: what a call needs is worked out here, once. */
export function buildCatalog(parts: CatalogParts, version: number): Catalog {
  const views = new ServerViews(compileItems(parts), parts.separator);
  const everything = views.everything(parts.toolSearch);
  const servers = new Map(parts.servers.map((server) => [server.row.id, views.ofServer(server)]));
  const gateways = new Map(parts.gateways.map((gateway) => [gateway.id, gateway]));
  return { version, gateways, everything, servers, collisions: views.collisions, standings: parts.standings };
}
