import type { IncomingHttpHeaders } from 'node:http';
import { parseBounded, type BoundedJson, type JsonFault } from './bounded-json.js';
import { readEnvelopeHeaders, type EnvelopeHeaders } from './envelope-headers.js';
import type { EnvelopeLimits } from './envelope-limits.js';
import { EnvelopeRefusal } from './envelope-refusal.js';
import { eraOf } from './era.js';
import { RPC_CODES, type JsonRpcId } from './json-rpc.js';
import type { McpCall } from './mcp-call.js';
import { acceptsEventStream, acceptsJson, isJsonContentType } from './media-type.js';
import { type Message, readMessage } from './message.js';
import { openBatch } from './open-batch.js';
import { openLegacy } from './open-legacy.js';
import { META_KEYS } from './meta-keys.js';
import { openModern } from './open-modern.js';
import { unsupportedVersion } from './unsupported-version.js';

/** A POST to one of the gate's doors, its body read whole. */
export interface EnvelopeInput {
  /** `mcp`: Streamable HTTP. `rpc`: plain JSON-RPC. `sse`: HTTP+SSE, for clients of older revisions alone. */
  readonly door: 'mcp' | 'rpc' | 'sse';
  readonly headers: IncomingHttpHeaders;
  /** As Node gives them: names and values in turn. Without them a repeated header looks like one with a comma in it. */
  readonly rawHeaders?: readonly string[];
  readonly body: Buffer;
  readonly limits: EnvelopeLimits;
}

/** What came in one POST: one call, or the messages of a batch, where a malformed one is its own refusal. */
export type Envelope =
  | { readonly batch: false; readonly entries: readonly [McpCall] }
  | { readonly batch: true; readonly entries: readonly (McpCall | EnvelopeRefusal)[] };

const INVALID_JSON: Readonly<Record<JsonFault, string>> = {
  not_utf8: 'the body is not UTF-8',
  not_json: 'the body is not JSON',
  too_deep: 'the body is nested too deeply',
  duplicate_member: 'the body repeats a member of an object',
  forbidden_member: 'the body has a member named __proto__',
};

/**
 * Steps 5 to 9 of the ladder: all that can be judged without a session, a catalogue or a principal. Never throws; what
 * it lets in has been bounded, parsed once and compared with its headers.
 */
export function openEnvelope(input: EnvelopeInput): Envelope | EnvelopeRefusal {
  if (!isJsonContentType(input.headers['content-type'])) {
    return new EnvelopeRefusal(415, RPC_CODES.invalidRequest, 'Content-Type must be application/json', undefined);
  }
  const json = parseBounded(input.body, input.limits.maxDepth);
  if (typeof json === 'string') {
    const code = json === 'not_utf8' || json === 'not_json' ? RPC_CODES.parseError : RPC_CODES.invalidRequest;
    return new EnvelopeRefusal(400, code, INVALID_JSON[json], undefined);
  }
  const headers = readEnvelopeHeaders(input.headers, input.rawHeaders, input.door === 'sse');
  if (Array.isArray(json.value)) {
    const entries = openBatch(json.value, headers, input);
    if (entries instanceof EnvelopeRefusal) return entries;
    return acceptRefusal(input.door, headers, undefined) ?? { batch: true, entries };
  }
  const call = openSingle(json, input, headers);
  return call instanceof EnvelopeRefusal ? call : { batch: false, entries: [call] };
}

function openSingle(json: BoundedJson, input: EnvelopeInput, headers: EnvelopeHeaders): McpCall | EnvelopeRefusal {
  const message = readMessage(json.value, input.body, json.scan, input.limits);
  if (message instanceof EnvelopeRefusal) return message;
  const call = openMessage(message, input, headers);
  return call instanceof EnvelopeRefusal ? call.of(message) : call;
}

function openMessage(message: Message, input: EnvelopeInput, headers: EnvelopeHeaders): McpCall | EnvelopeRefusal {
  const era = eraOf(message, headers.version);
  if (era instanceof EnvelopeRefusal) return era;
  if (era === 'modern') return input.door === 'sse' ? tooModern(message, headers) : openModern(message, headers);
  return acceptRefusal(input.door, headers, message.id) ?? openLegacy(message, headers, input.door);
}

/** Over HTTP+SSE, errors of requests travel on the stream. */
function tooModern(message: Message, { version = '', served }: EnvelopeHeaders): EnvelopeRefusal {
  const claimed = message.meta?.[META_KEYS.protocolVersion];
  const asked = typeof claimed === 'string' ? claimed : version;
  const { code, message: text, data } = unsupportedVersion(message.id, asked, RPC_CODES.unsupportedVersion, served);
  return new EnvelopeRefusal(200, code, text, message.id, data);
}

/** Legacy answers may be JSON or SSE as the gate likes, so a client has to take both (2025-03-26 and later). */
function acceptRefusal(
  door: EnvelopeInput['door'],
  headers: EnvelopeHeaders,
  id: JsonRpcId | undefined,
): EnvelopeRefusal | undefined {
  if (door !== 'mcp' || (acceptsJson(headers.accept) && acceptsEventStream(headers.accept))) return undefined;
  const text = 'Accept must list application/json and text/event-stream';
  return new EnvelopeRefusal(406, RPC_CODES.invalidRequest, text, id);
}
