import type { EnvelopeLimits } from './envelope-limits.js';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { isBoundedSpelling, isJsonRpcId } from './json-rpc-id.js';
import { isJsonObject, RPC_CODES, type JsonObject, type JsonRpcId } from './json-rpc.js';
import type { JsonScan } from './json-scan.js';
import { lookAlike } from './look-alike.js';
import { REQUEST_METHODS } from './methods.js';

/** One JSON-RPC message of sound shape, before anything of MCP is read into it. */
export interface Message {
  readonly kind: 'request' | 'notification' | 'response';
  readonly id: JsonRpcId | undefined;
  /** Empty on a response. */
  readonly method: string;
  readonly params: JsonObject | undefined;
  /** `params._meta`. */
  readonly meta: JsonObject | undefined;
  readonly value: JsonObject;
  readonly bytes: Buffer;
  readonly scan: JsonScan;
}

const MAX_METHOD = 128;
const METHOD = /^[a-zA-Z$][a-zA-Z0-9_./$-]*$/;

/** Step 6 of the ladder for one message: 400/-32600 unless it is a request, a notification or a response. */
export function readMessage(
  value: unknown,
  bytes: Buffer,
  scan: JsonScan,
  limits: Pick<EnvelopeLimits, 'maxMethodLength' | 'maxParamsBytes'> = {},
): Message | EnvelopeRefusal {
  if (!isJsonObject(value)) return invalid(undefined, 'a message must be an object');
  const given = value['id'];
  const id = isJsonRpcId(given) && isBoundedSpelling(given, scan.id) ? given : undefined;
  const params = isJsonObject(value['params']) ? value['params'] : undefined;
  if (value['jsonrpc'] !== '2.0') return invalid(id, 'jsonrpc must be "2.0"');
  const known = lookAlike(value, params);
  if (known !== undefined) return invalid(id, `a member of the message can be mistaken for ${known}`);
  const method = value['method'];
  if (method === undefined) {
    const fault = responseFault(value, id);
    if (fault !== undefined) return invalid(id, fault);
    return { kind: 'response', id, method: '', params: undefined, meta: undefined, value, bytes, scan };
  }
  const longest = Math.min(limits.maxMethodLength ?? MAX_METHOD, MAX_METHOD);
  if (!isMethod(method, longest)) return invalid(id, `method must be a name of at most ${longest} characters`);
  const fault = callFault(value, id, method, params) ?? sizeFault(scan, limits.maxParamsBytes);
  if (fault !== undefined) return invalid(id, fault);
  const kind = id === undefined ? 'notification' : 'request';
  const meta = params !== undefined && isJsonObject(params['_meta']) ? params['_meta'] : undefined;
  return { kind, id, method, params, meta, value, bytes, scan };
}

function isMethod(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest && METHOD.test(value);
}

function sizeFault({ params }: JsonScan, limit = Number.POSITIVE_INFINITY): string | undefined {
  const bytes = params === undefined ? 0 : params.end - params.start;
  return bytes > limit ? `params are larger than ${limit} bytes (VALIDATION_MAX_RPC_PARAM_SIZE)` : undefined;
}

function callFault(
  value: JsonObject,
  id: JsonRpcId | undefined,
  method: string,
  params: JsonObject | undefined,
): string | undefined {
  if (id === undefined && value['id'] !== undefined) return 'id must be a string of at most 256 bytes or an integer';
  // Nothing may be done in the name of a notification: it is answered before it is judged.
  if (id === undefined && REQUEST_METHODS.has(method)) return `${method} must have an id`;
  if (params === undefined && value['params'] !== undefined) return 'params must be an object';
  const meta = params?.['_meta'];
  if (meta !== undefined && !isJsonObject(meta)) return 'params._meta must be an object';
  if (value['result'] !== undefined || value['error'] !== undefined)
    return 'a message with a method has no result or error';
  return undefined;
}

function responseFault(value: JsonObject, id: JsonRpcId | undefined): string | undefined {
  const { result, error } = value;
  if (result === undefined && error === undefined) return 'method is missing';
  if (result !== undefined && error !== undefined) return 'a response has either a result or an error';
  // An error may answer a message whose id could not be read: without an id, or null as the SDKs write it.
  const unidentified = error !== undefined && (value['id'] === undefined || value['id'] === null);
  if (id === undefined && !unidentified) return 'id must be a string of at most 256 bytes or an integer';
  if (result !== undefined) return isJsonObject(result) ? undefined : 'result must be an object';
  const sound = isJsonObject(error) && Number.isSafeInteger(error['code']) && typeof error['message'] === 'string';
  return sound ? undefined : 'error must be an object with an integer code and a message';
}

function invalid(id: JsonRpcId | undefined, message: string): EnvelopeRefusal {
  return new EnvelopeRefusal(400, RPC_CODES.invalidRequest, message, id);
}
