import { Injectable } from '@nestjs/common';
import { PromptRepository } from '../items/prompt.repository.js';
import { ResourceRepository } from '../items/resource.repository.js';
import { ToolRepository } from '../items/tool.repository.js';
import { RegistrySettings } from '../registry.settings.js';
import { CatalogScanner } from '../scan/catalog-scanner.js';
import { ServerLinkRepository } from '../servers/server-link.repository.js';
import { ServerRepository } from '../servers/server.repository.js';
import { ToolSearchSettings } from '../servers/tool-search.settings.js';
import { CatalogGateways } from './catalog-gateways.js';
import { type CatalogParts, CatalogSource } from './catalog-source.js';

/** Reads all that is enabled. */
@Injectable()
export class CatalogLoader extends CatalogSource {
  constructor(
    private readonly gateways: CatalogGateways,
    private readonly tools: ToolRepository,
    private readonly resources: ResourceRepository,
    private readonly prompts: PromptRepository,
    private readonly servers: ServerRepository,
    private readonly links: ServerLinkRepository,
    private readonly settings: RegistrySettings,
    private readonly search: ToolSearchSettings,
    private readonly scanner: CatalogScanner,
  ) {
    super();
  }

  /**
   * Not one snapshot of the database: whatever changes while this reads is announced, and read again. Servers come first,
   * so that no view is made of a choice that is newer than the items it chooses from.
   */
  async load(): Promise<CatalogParts> {
    const servers = await this.servers.enabled();
    const itemIds = await this.links.allItemIds();
    return {
      servers: servers.map((row) => ({ row, itemIds: itemIds.get(row.id) ?? new Set() })),
      gateways: await this.gateways.load(),
      tools: await this.tools.offered(),
      resources: await this.resources.offered(),
      prompts: await this.prompts.offered(),
      // After the tools: none is served before what was decided about it is known.
      standings: await this.scanner.standings(),
      separator: this.settings.nameSeparator,
      toolSearch: this.search.everything,
    };
  }
}
