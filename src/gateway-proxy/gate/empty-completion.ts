import type { McpCall } from '#libs/mcp';
import type { BytesAnswer } from '../../http/answer.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { resultAnswer } from './opening.js';

const EMPTY = { completion: { values: [], total: 0, hasMore: false } };

/** The answer to a completion that the item's upstream can't give: nothing to propose is no fault of the caller. */
export function emptyCompletion(call: McpCall, { gateway }: CatalogItem): BytesAnswer | undefined {
  const { capabilities, revision } = gateway.discovery;
  // The first revision completes without announcing it.
  if ('completions' in capabilities || revision === '2024-11-05') return undefined;
  return resultAnswer(call, call.era === 'modern' ? { ...EMPTY, resultType: 'complete' } : EMPTY);
}
