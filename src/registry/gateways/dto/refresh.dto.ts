import type { ItemChanges } from '../../items/sync-items.js';
import { CollisionDto } from '../../rows/dto/collision.dto.js';
import type { GatewayEntity } from '../gateway.entity.js';
import type { CatalogueChanges } from '../gateway-writer.js';
import { SkippedItemDto } from './skipped-item.dto.js';

/** By the names or URIs by which the upstream knows them, the first hundred each; the counts have all. */
export class ChangedItemsDto {
  added: string[];
  updated: string[];
  removed: string[];
}

/** What a new crawl changed. */
export class RefreshDto {
  gatewayId: string;
  success: true;
  toolsAdded: number;
  toolsUpdated: number;
  toolsRemoved: number;
  resourcesAdded: number;
  resourcesUpdated: number;
  resourcesRemoved: number;
  promptsAdded: number;
  promptsUpdated: number;
  promptsRemoved: number;
  tools: ChangedItemsDto;
  /** Templates too. */
  resources: ChangedItemsDto;
  prompts: ChangedItemsDto;
  /** What the crawl left out, the first fifty. */
  skipped: SkippedItemDto[];
  skippedCount: number;
  /** Names and URIs at `/mcp` that an item of this gateway and another one want, as far as the caller sees both. */
  collisions: CollisionDto[];
}

const MOST_NAMES = 100;

export function shownRefresh(
  { id, skipped }: GatewayEntity,
  changes: CatalogueChanges,
  collisions: CollisionDto[],
): RefreshDto {
  const { tools, resources, prompts } = changes;
  return {
    gatewayId: id,
    success: true,
    toolsAdded: tools.added.length,
    toolsUpdated: tools.updated.length,
    toolsRemoved: tools.removed.length,
    resourcesAdded: resources.added.length,
    resourcesUpdated: resources.updated.length,
    resourcesRemoved: resources.removed.length,
    promptsAdded: prompts.added.length,
    promptsUpdated: prompts.updated.length,
    promptsRemoved: prompts.removed.length,
    tools: named(tools),
    resources: named(resources),
    prompts: named(prompts),
    skipped: [...skipped],
    skippedCount: changes.skipped.length,
    collisions,
  };
}

const named = ({ added, updated, removed }: ItemChanges): ChangedItemsDto => ({
  added: added.slice(0, MOST_NAMES),
  updated: updated.slice(0, MOST_NAMES),
  removed: removed.slice(0, MOST_NAMES),
});
