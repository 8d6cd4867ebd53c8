import type { JsonObject } from '../json-rpc.js';
import type { Budget } from './budget.js';

/** An upstream that can be asked on the gate's own behalf, whatever its era. */
export interface UpstreamPeer {
  /** @throws UpstreamError for any answer but a complete result */
  request(method: string, params: JsonObject, budget: Budget): Promise<JsonObject>;
}
