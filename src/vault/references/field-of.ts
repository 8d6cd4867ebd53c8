import { isJsonObject, parseBounded } from '#libs/mcp';
import { StoreError } from '../backends/store-error.js';

const DEEPEST = 16;

/**
 * The member of a JSON object that the fragment of a reference names; without a fragment, the text as it is.
 * @throws StoreError `missing`
 */
export function fieldOf(text: string, { hash }: URL): string {
  if (hash === '') return text;
  const name = decodeURIComponent(hash.slice(1));
  const parsed = parseBounded(Buffer.from(text), DEEPEST);
  const object = typeof parsed === 'string' ? undefined : parsed.value;
  const value = isJsonObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new StoreError('missing', 'The secret that a reference names has no such field with a text');
}
