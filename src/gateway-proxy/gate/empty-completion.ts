import type { McpCall } from '#libs/mcp';
import type { BytesAnswer } from '../../http/answer.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { resultAnswer } from './opening.js';

const EMPTY = { completion: { values: [], total: 0, hasMore: false } };

/** The answer to a completion that the item's upstream can't give: nothing to propose is no fault of the caller. */
export function emptyCompletion(call: McpCall, { gateway }: CatalogItem): BytesAnswer | undefined {
  // The first revision completes without announcing it.
  if (gateway && ('completions' in gateway.discovery.capabilities || gateway.discovery.revision === '2024-11-05'))
    return undefined;
  return resultAnswer(call, call.era === 'modern' ? { ...EMPTY, resultType: 'complete' } : EMPTY);
}
