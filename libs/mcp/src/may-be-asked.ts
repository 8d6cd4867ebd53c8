import { isJsonObject, type JsonObject } from './json-rpc.js';
import { SERVER_REQUESTS } from './methods.js';

/** Whether a client of these capabilities can be asked this: only what it declared; of elicitation, the modes that it knows. */
export function mayBeAsked(method: string, params: unknown, capabilities: JsonObject): boolean {
  const { sampling, elicitation, roots } = capabilities;
  if (!SERVER_REQUESTS.has(method)) return false;
  if (method === 'sampling/createMessage') return isJsonObject(sampling);
  if (method === 'roots/list') return isJsonObject(roots);
  if (method !== 'elicitation/create' || !isJsonObject(elicitation)) return false;
  const urlMode = isJsonObject(params) && params['mode'] === 'url';
  // An empty capability means forms (2025-11-25).
  return urlMode ? 'url' in elicitation : 'form' in elicitation || Object.keys(elicitation).length === 0;
}
