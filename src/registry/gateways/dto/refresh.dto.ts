import type { CatalogueChanges } from '../gateway-writer.js';
import { SkippedItemDto } from './skipped-item.dto.js';

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
  skipped: SkippedItemDto[];
}

export function shownRefresh(
  gatewayId: string,
  { tools, resources, prompts }: CatalogueChanges,
  skipped: readonly SkippedItemDto[],
): RefreshDto {
  return {
    gatewayId,
    success: true,
    toolsAdded: tools.added,
    toolsUpdated: tools.updated,
    toolsRemoved: tools.removed,
    resourcesAdded: resources.added,
    resourcesUpdated: resources.updated,
    resourcesRemoved: resources.removed,
    promptsAdded: prompts.added,
    promptsUpdated: prompts.updated,
    promptsRemoved: prompts.removed,
    skipped: [...skipped],
  };
}
