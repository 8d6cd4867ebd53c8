import type { Target } from '../access.service.js';

/** What a row can be. */
export const RESOURCE_TYPES = ['gateways', 'servers', 'tools', 'resources', 'prompts'] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** The rows of the registry, whoever may see them; it implements this floors above. */
export abstract class RowDirectory {
  /** @param id in any of its spellings */
  abstract find(type: ResourceType, id: string): Promise<Target | undefined>;
}
