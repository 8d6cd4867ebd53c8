import { isJsonObject, type JsonObject, type JsonRpcId } from '../json-rpc.js';
import type { ResponseHeaders } from './upstream-http.js';

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}

/** What an upstream's JSON-RPC response says: one of the two. */
export type RpcOutcome = { readonly result: JsonObject } | { readonly error: RpcError };

/** An upstream's answer to a POST. Without an outcome the body was not a JSON-RPC response to our request. */
export interface RpcAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly outcome: RpcOutcome | undefined;
}

/** Reads one message as the response to the request with this id; undefined for anything else. */
export function rpcOutcome(message: unknown, id: JsonRpcId): RpcOutcome | undefined {
  if (!isJsonObject(message)) return undefined;
  const { id: answered, result, error } = message;
  if (isJsonObject(result)) return answered === id ? { result } : undefined;
  // The SDKs say id null where they refuse a request before they have read its id.
  if (!isJsonObject(error) || (answered !== id && answered !== null && answered !== undefined)) return undefined;
  const { code, message: text, data } = error;
  if (typeof code !== 'number' || !Number.isSafeInteger(code)) return undefined;
  return { error: { code, message: typeof text === 'string' ? text : '', data } };
}
