import { fieldFault } from '../rows/field-fault.js';
import type { ItemRow } from './item-row.js';
import { overridesFrom } from './wished-overrides.js';

/** What people may write over what an upstream says of an item. */
export interface UpstreamItemWish {
  readonly displayName?: string;
  readonly description?: string;
  readonly tags?: string[];
}

const OURS = new Set(['displayName', 'description', 'tags']);
const OF_THE_GATEWAY = new Set(['visibility', 'teamId']);

/**
 * A change of an upstream's item: how people read it, and its tags. An empty text takes back what was written.
 * @throws GatewayError 422 for whatever is its gateway's or its upstream's to say
 */
export function upstreamItemPatch(
  { overrides }: Pick<ItemRow, 'overrides'>,
  wish: UpstreamItemWish,
): Pick<ItemRow, 'overrides'> & Partial<Pick<ItemRow, 'tags'>> {
  for (const [field, value] of Object.entries(wish)) {
    if (value === undefined || OURS.has(field)) continue;
    const owner = OF_THE_GATEWAY.has(field) ? 'its gateway' : 'its upstream';
    throw fieldFault(field, `${field} follows ${owner}; only displayName, description and tags can be changed here`);
  }
  const { displayName, description, tags } = wish;
  return { overrides: overridesFrom({ displayName, description }, overrides), ...(tags !== undefined && { tags }) };
}
