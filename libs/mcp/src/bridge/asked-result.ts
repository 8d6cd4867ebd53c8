import { isJsonObject, type JsonObject, type JsonRpcId } from '../json-rpc.js';
import type { InputRequest } from './input-required.js';

/** Elicitations of one error. */
const MOST_URLS = 16;

/** An answer of 2026-07-28 that asks the client something before there is a result (`resultType: "input_required"`). */
export function inputRequiredAnswer(
  id: JsonRpcId | undefined,
  requests: ReadonlyMap<string, InputRequest>,
  requestState: string,
): Buffer {
  const inputRequests = Object.fromEntries(requests);
  const result = { resultType: 'input_required', inputRequests, requestState };
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

/**
 * What an error -32042 of 2025-11-25 (URLElicitationRequired) wants of the client, as questions of 2026-07-28; undefined
 * where it wants nothing that can be asked.
 */
export function urlRequests(message: Buffer): ReadonlyMap<string, InputRequest> | undefined {
  const { error } = JSON.parse(message.toString('utf8')) as JsonObject;
  const data = isJsonObject(error) ? error['data'] : undefined;
  const elicitations = isJsonObject(data) ? data['elicitations'] : undefined;
  if (!Array.isArray(elicitations) || elicitations.length === 0 || elicitations.length > MOST_URLS) return undefined;
  const requests = new Map<string, InputRequest>();
  for (const elicitation of elicitations as unknown[]) {
    if (!isJsonObject(elicitation) || elicitation['mode'] !== 'url') return undefined;
    requests.set(`url-${requests.size + 1}`, { method: 'elicitation/create', params: elicitation });
  }
  return requests;
}
