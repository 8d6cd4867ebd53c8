import type { EnvelopeHeaders } from './envelope-headers.js';
import type { EnvelopeLimits } from './envelope-limits.js';
import type { EnvelopeInput } from './envelope.js';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { isJsonObject, RPC_CODES, type JsonObject } from './json-rpc.js';
import { scanJson } from './json-scan.js';
import type { McpCall } from './mcp-call.js';
import { readMessage } from './message.js';
import { META_KEYS } from './meta-keys.js';
import { openLegacy } from './open-legacy.js';
import { ASSUMED_LEGACY } from './revisions.js';
import { splitElements } from './split-elements.js';

/**
 * An array of messages, which only 2025-03-26 knows. Its elements become calls of their own, each to be authorised and
 * guarded alone; one that is malformed becomes its own error. What would make the array another protocol's spoils all.
 */
export function openBatch(
  elements: readonly unknown[],
  headers: EnvelopeHeaders,
  input: Pick<EnvelopeInput, 'body' | 'door' | 'limits'>,
): readonly (McpCall | EnvelopeRefusal)[] | EnvelopeRefusal {
  const fault = batchFault(elements, headers, input.limits);
  if (fault !== undefined) return new EnvelopeRefusal(400, RPC_CODES.invalidRequest, fault, undefined);
  return splitElements(input.body).map((bytes, index) => openElement(elements[index], bytes, headers, input));
}

function batchFault(
  elements: readonly unknown[],
  headers: EnvelopeHeaders,
  limits: EnvelopeLimits,
): string | undefined {
  if (headers.version !== undefined && headers.version !== ASSUMED_LEGACY) {
    return `a batch needs MCP-Protocol-Version ${ASSUMED_LEGACY}`;
  }
  if (elements.length === 0) return 'a batch must not be empty';
  if (elements.length > limits.maxBatch) return `a batch has at most ${limits.maxBatch} messages`;
  for (const element of elements) {
    const fault = isJsonObject(element) ? elementFault(element, headers) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function elementFault(element: JsonObject, headers: EnvelopeHeaders): string | undefined {
  const { method, params } = element;
  if (method === 'initialize') return 'initialize is not allowed in a batch';
  const meta = isJsonObject(params) ? params['_meta'] : undefined;
  if (isJsonObject(meta) && meta[META_KEYS.protocolVersion] !== undefined) {
    return `params._meta["${META_KEYS.protocolVersion}"] is not allowed in a batch`;
  }
  const response = method === undefined && (element['result'] !== undefined || element['error'] !== undefined);
  return response && !headers.hasSession ? 'a response needs a session' : undefined;
}

function openElement(
  element: unknown,
  bytes: Buffer,
  headers: EnvelopeHeaders,
  { limits, door }: Pick<EnvelopeInput, 'door' | 'limits'>,
): McpCall | EnvelopeRefusal {
  const scan = scanJson(bytes, limits.maxDepth);
  if (typeof scan === 'string')
    return new EnvelopeRefusal(400, RPC_CODES.invalidRequest, 'unreadable message', undefined);
  const message = readMessage(element, bytes, scan, limits);
  if (message instanceof EnvelopeRefusal) return message;
  const call = openLegacy(message, headers, door);
  return call instanceof EnvelopeRefusal ? call.of(message) : call;
}
