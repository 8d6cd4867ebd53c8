import { ASSUMED_LEGACY, type EnvelopeRefusal, errorBody, type JsonRpcId, type Revision, RPC_CODES } from '#libs/mcp';
import { BytesAnswer } from '../../http/answer.js';

/** A JSON-RPC error as an answer. */
export function rpcError(
  id: JsonRpcId | undefined,
  status: number,
  code: number,
  message: string,
  data?: unknown,
): BytesAnswer {
  return new BytesAnswer(status, Buffer.from(errorBody(id, code, message, data)));
}

/** To a batch in a session of a revision that has none. */
export function batchRefusal(revision: Revision): BytesAnswer {
  const text = `a batch needs a session of ${ASSUMED_LEGACY}; this one speaks ${revision}`;
  return rpcError(undefined, 400, RPC_CODES.invalidRequest, text);
}

const REASONS: ReadonlyMap<number, string> = new Map([
  [RPC_CODES.parseError, 'parse_error'],
  [RPC_CODES.methodNotFound, 'method_not_found'],
  [RPC_CODES.invalidParams, 'invalid_params'],
  [RPC_CODES.headerMismatch, 'header_mismatch'],
  [RPC_CODES.unsupportedVersion, 'unsupported_version'],
]);

/** Why an envelope was not let in, for the usage log. */
export function refusalReason({ code }: EnvelopeRefusal): string {
  return REASONS.get(code) ?? 'invalid_request';
}
