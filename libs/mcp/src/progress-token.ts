import { isJsonRpcId } from './json-rpc-id.js';
import type { JsonObject } from './json-rpc.js';

export function progressTokenFault(meta: JsonObject): string | undefined {
  const token = meta['progressToken'];
  return token === undefined || isJsonRpcId(token)
    ? undefined
    : 'params._meta.progressToken must be a string of at most 256 bytes or an integer';
}
