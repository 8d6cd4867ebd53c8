import { isJsonRpcId } from './json-rpc-id.js';
import { isJsonObject, type JsonObject, type JsonRpcId } from './json-rpc.js';
import type { JsonScan } from './json-scan.js';
import { isLogLevel, type LogLevel } from './log-level.js';
import type { Message } from './message.js';
import { META_KEYS } from './meta-keys.js';
import type { Era, Revision } from './revisions.js';

/** One message that came through the envelope: parsed, bounded and compared with its headers. Frozen, of one shape. */
export interface McpCall {
  readonly era: Era;
  /** Legacy: by header, by negotiation on `initialize`, or assumed; a session's own revision outranks it. */
  readonly revision: Revision;
  readonly kind: 'request' | 'notification' | 'response';
  /** Defined on every request, and on every response but an error without an id. */
  readonly id: JsonRpcId | undefined;
  /** Empty on a response. */
  readonly method: string;
  /** `params.name`, `.uri` or `.taskId`: always there on a request whose method has a target. */
  readonly targetName: string | undefined;
  readonly params: JsonObject | undefined;
  /** `params._meta`. */
  readonly meta: JsonObject | undefined;
  readonly progressToken: JsonRpcId | undefined;
  /** Modern requests only: a legacy client declares its capabilities at `initialize`. */
  readonly clientCapabilities: JsonObject | undefined;
  /** Modern requests only. */
  readonly logLevel: LogLevel | undefined;
  /** The whole message, parsed; a response keeps its `result` or `error` here. */
  readonly message: JsonObject;
  /** The whole message as received; of a batch, the one element. */
  readonly bytes: Buffer;
  /** Where in `bytes` the values stand that callers may have to replace. */
  readonly scan: JsonScan;
}

/** The id as the client wrote it, as JSON text: `1.0` is answered as `1.0`. Empty without an id. */
export function rawId(call: McpCall): string {
  const span = call.scan.id;
  return span === undefined ? '' : call.bytes.toString('utf8', span.start, span.end);
}

/** Makes the call out of a message whose `_meta` has been judged. The only place that does. */
export function mcpCall(message: Message, era: Era, revision: Revision, targetName: string | undefined): McpCall {
  const modern = era === 'modern' && message.kind === 'request' ? message.meta : undefined;
  const progressToken = message.meta?.['progressToken'];
  const clientCapabilities = modern?.[META_KEYS.clientCapabilities];
  const logLevel = modern?.[META_KEYS.logLevel];
  return Object.freeze({
    era,
    revision,
    kind: message.kind,
    id: message.id,
    method: message.method,
    targetName,
    params: message.params,
    meta: message.meta,
    progressToken: isJsonRpcId(progressToken) ? progressToken : undefined,
    clientCapabilities: isJsonObject(clientCapabilities) ? clientCapabilities : undefined,
    logLevel: isLogLevel(logLevel) ? logLevel : undefined,
    message: message.value,
    bytes: message.bytes,
    scan: message.scan,
  });
}
