import { isJsonObject, type JsonObject } from '../json-rpc.js';
import { scanJson } from '../json-scan.js';
import { splice } from '../splice.js';

/** What a modern upstream asks of the client before it answers (2026-07-28, `resultType: "input_required"`). */
export interface InputRequired {
  /** By the key under which the upstream wants the answer. */
  readonly requests: ReadonlyMap<string, InputRequest>;
  /** To be given back byte for byte. */
  readonly requestState: string | undefined;
}

export interface InputRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/** Questions of one round. */
const MOST_REQUESTS = 16;
// Depth was bounded when the call came in.
const MADE_BY_US = 1000;

/** Undefined for what is no sound answer of that kind. */
export function readInputRequired(message: Buffer): InputRequired | undefined {
  const parsed = parsedOrNothing(message);
  const result = isJsonObject(parsed) ? parsed['result'] : undefined;
  if (!isJsonObject(result) || result['resultType'] !== 'input_required') return undefined;
  const { inputRequests = {}, requestState } = result;
  if (!isJsonObject(inputRequests) || (requestState !== undefined && typeof requestState !== 'string'))
    return undefined;
  const entries = Object.entries(inputRequests);
  if (entries.length > MOST_REQUESTS || (entries.length === 0 && requestState === undefined)) return undefined;
  const requests = new Map<string, InputRequest>();
  for (const [key, request] of entries) {
    if (!isJsonObject(request) || typeof request['method'] !== 'string') return undefined;
    const params = request['params'];
    requests.set(key, { method: request['method'], params: isJsonObject(params) ? params : {} });
  }
  return { requests, requestState };
}

function parsedOrNothing(message: Buffer): unknown {
  try {
    return JSON.parse(message.toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The request of the first round with what the client answered, under another id. Everything else stays as it went up.
 * @param responses JSON text by key
 */
export function withInput(
  request: Buffer,
  id: string,
  responses: ReadonlyMap<string, string>,
  requestState: string | undefined,
): Buffer {
  const scan = scanJson(request, MADE_BY_US);
  if (typeof scan === 'string' || !scan.params || !scan.id)
    throw new RangeError('a request of ours has an id and params');
  const given = [...responses].map(([key, response]) => `${JSON.stringify(key)}:${response}`);
  const members = [
    ...(responses.size > 0 ? [`"inputResponses":{${given.join(',')}}`] : []),
    ...(requestState === undefined ? [] : [`"requestState":${JSON.stringify(requestState)}`]),
  ];
  const at = scan.params.start + 1;
  return splice(request, [
    { span: scan.id, bytes: Buffer.from(JSON.stringify(id)) },
    // There is a `_meta` at least.
    { span: { start: at, end: at }, bytes: Buffer.from(members.map((member) => `${member},`).join('')) },
  ]);
}
