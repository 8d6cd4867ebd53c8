import { isJsonObject, type JsonObject } from '#libs/mcp';

/**
 * What holds a text or bytes in a result: `{type: 'text', text}`, `{type: 'image', data, mimeType}`, or the contents of a
 * resource, `{uri, mimeType, text}` or `{uri, mimeType, blob}`.
 */
export type Block = JsonObject;

/** The blocks of a result of any method, rewritten; the very same result where that changes none. */
export function mapBlocks(result: JsonObject, rewrite: (block: Block) => Block): JsonObject {
  const blocks = (value: unknown): unknown =>
    mapped(value, (item) => (isJsonObject(item) ? block(item, rewrite) : item));
  const message = (item: unknown): unknown => (isJsonObject(item) ? withMember(item, 'content', blocks) : item);
  const made = withMember(withMember(result, 'content', blocks), 'contents', blocks);
  return withMember(made, 'messages', (messages) => mapped(messages, message));
}

export const blocksOf = (result: JsonObject): readonly Block[] => {
  const found: Block[] = [];
  mapBlocks(result, (item) => {
    found.push(item);
    return item;
  });
  return found;
};

function block(item: Block, rewrite: (block: Block) => Block): Block {
  return isJsonObject(item['resource'])
    ? withMember(item, 'resource', (resource) => rewrite(resource as JsonObject))
    : rewrite(item);
}

/** One or a list. */
function mapped(value: unknown, rewrite: (item: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return rewrite(value);
  const made = value.map((item: unknown) => rewrite(item));
  return made.every((item, at) => item === value[at]) ? value : made;
}

function withMember(object: JsonObject, name: string, rewrite: (value: unknown) => unknown): JsonObject {
  const value = object[name];
  if (value === undefined) return object;
  const made = rewrite(value);
  return made === value ? object : { ...object, [name]: made };
}

/** The media type without its parameters, in lower case; undefined where nothing is said. */
export const mediaTypeOf = ({ mimeType }: Block): string | undefined =>
  typeof mimeType === 'string' ? mimeType.split(';', 1)[0]?.trim().toLowerCase() : undefined;
