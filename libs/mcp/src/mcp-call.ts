import type { JsonObject, JsonRpcId } from './json-rpc.js';
import type { JsonScan } from './json-scan.js';
import type { LogLevel } from './log-level.js';
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
