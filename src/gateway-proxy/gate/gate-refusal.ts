import { errorBody, type JsonRpcId } from '#libs/mcp';
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
