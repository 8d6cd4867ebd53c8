import { isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';
import { PluginFaultError } from '../../chain/run-hook.js';

/** As deep as what an upstream answers may be. */
const DEEPEST = 512;

/**
 * The object that a tool of a plugin server answers: as JSON in its first text, else as structured content.
 * @throws PluginFaultError
 */
export function toolValue({ content, structuredContent, isError }: JsonObject): JsonObject {
  if (isError === true) throw new PluginFaultError('the server of the plugin answered with an error');
  const [first]: unknown[] = Array.isArray(content) ? content : [];
  const text = isJsonObject(first) && first['type'] === 'text' ? first['text'] : undefined;
  if (typeof text !== 'string') {
    if (isJsonObject(structuredContent)) return structuredContent;
    throw new PluginFaultError('the server of the plugin answered with no object');
  }
  const parsed = parseBounded(Buffer.from(text), DEEPEST);
  if (typeof parsed === 'string' || !isJsonObject(parsed.value))
    throw new PluginFaultError('the server of the plugin answered with no object');
  return parsed.value;
}
