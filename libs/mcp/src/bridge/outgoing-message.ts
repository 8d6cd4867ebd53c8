import type { JsonObject } from '../json-rpc.js';
import type { McpCall } from '../mcp-call.js';
import { META_KEYS } from '../meta-keys.js';
import type { Era, Revision } from '../revisions.js';
import { type Replacement, splice } from '../splice.js';
import type { ClientIdentity } from '../upstream/upstream-target.js';

/** The upstream's side of a request that goes through the gate. */
export interface OutgoingShape {
  readonly era: Era;
  readonly revision: Revision;
  /** Our own id, where one upstream session is shared; the client's otherwise. */
  readonly id: number | undefined;
  /** The name by which the upstream knows what the client named. */
  readonly targetName: string | undefined;
  readonly identity: ClientIdentity;
}

/**
 * The request as it goes up. Only what must differ is replaced, byte by byte; the received buffer itself where nothing
 * differs, so that numbers, order and unknown members of the client arrive as he wrote them.
 */
export function outgoingMessage(call: McpCall, shape: OutgoingShape): Buffer {
  const edits: Replacement[] = [];
  const { scan } = call;
  if (shape.id !== undefined && scan.id) edits.push({ span: scan.id, bytes: Buffer.from(String(shape.id)) });
  const named = scan.name ?? scan.uri;
  if (named && shape.targetName !== undefined && shape.targetName !== call.targetName) {
    edits.push({ span: named, bytes: Buffer.from(JSON.stringify(shape.targetName)) });
  }
  if (shape.era !== call.era) edits.push(metaEdit(call, shape));
  return edits.length === 0 ? call.bytes : splice(call.bytes, edits);
}

/** Everything that only one of the eras knows lives in `_meta`. */
function metaEdit(call: McpCall, shape: OutgoingShape): Replacement {
  const meta = JSON.stringify(shape.era === 'modern' ? modernMeta(call.meta, shape) : legacyMeta(call.meta));
  const { params, meta: span } = call.scan;
  if (span) return { span, bytes: Buffer.from(meta) };
  if (!params) throw new RangeError('a request without params can’t be bridged');
  const rest = Object.keys(call.params ?? {}).length > 0 ? ',' : '';
  const inside = params.start + 1;
  return { span: { start: inside, end: inside }, bytes: Buffer.from(`"_meta":${meta}${rest}`) };
}

function modernMeta(meta: JsonObject | undefined, { revision, identity }: OutgoingShape): JsonObject {
  return {
    ...meta,
    [META_KEYS.protocolVersion]: revision,
    [META_KEYS.clientInfo]: identity,
    [META_KEYS.clientCapabilities]: {},
  };
}

function legacyMeta(meta: JsonObject | undefined): JsonObject {
  const modern = new Set<string>(Object.values(META_KEYS));
  return Object.fromEntries(Object.entries(meta ?? {}).filter(([key]) => !modern.has(key)));
}
