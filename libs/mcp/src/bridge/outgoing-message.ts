import type { JsonObject } from '../json-rpc.js';
import type { LogLevel } from '../log-level.js';
import type { McpCall } from '../mcp-call.js';
import { META_KEYS } from '../meta-keys.js';
import { REQUEST_METHODS } from '../methods.js';
import type { Era, Revision } from '../revisions.js';
import { type Replacement, splice } from '../splice.js';
import type { ClientIdentity } from '../upstream/upstream-target.js';
import { objectMembers } from './object-members.js';
import { withoutParam } from '../without-param.js';
import { withRequestState } from './request-state.js';

/** The upstream's side of a request that goes through the gate. */
export interface OutgoingShape {
  readonly era: Era;
  readonly revision: Revision;
  /** Our own id, where one upstream session is shared; the client's otherwise. */
  readonly id: number | undefined;
  /** The name by which the upstream knows what the client named. */
  readonly targetName: string | undefined;
  readonly identity: ClientIdentity;
  /** What the session of an older client says to a modern upstream: what the client can be asked. */
  readonly capabilities?: JsonObject;
  /** Least severe log message that it wants. */
  readonly logLevel?: LogLevel | undefined;
  /** Of a retry: the state as the upstream gave it. */
  readonly requestState?: string | undefined;
}

const ERA_KEYS: ReadonlySet<string> = new Set(Object.values(META_KEYS));
const OPEN_BRACE = 0x7b;
/** What a call brings that is made again (2026-07-28, `InputResponseRequestParams`). */
const OF_A_RETRY = ['inputResponses', 'requestState'];

/**
 * The request as it goes up. Only what must differ is replaced, byte by byte; the received buffer itself where nothing
 * differs, so that numbers, order and unknown members of the client arrive as he wrote them.
 */
export function outgoingMessage(given: McpCall, shape: OutgoingShape): Buffer {
  // An older upstream has no use for what a retry brings: the gate has taken it to where it belongs. An older client never
  // had a state, so what it says is not of its own call.
  const call = OF_A_RETRY.reduce((left, name) => (given.era === shape.era ? left : withoutParam(left, name)), given);
  const edits: Replacement[] = [];
  const { scan } = call;
  if (shape.id !== undefined && scan.id) edits.push({ span: scan.id, bytes: Buffer.from(String(shape.id)) });
  // The member that was judged, whatever else the parameters hold: a `name` beside the `uri` of a resource says nothing.
  const target = REQUEST_METHODS.get(call.method)?.target;
  const named = target && scan[target];
  if (named && shape.targetName !== undefined && shape.targetName !== call.targetName) {
    edits.push({ span: named, bytes: Buffer.from(JSON.stringify(shape.targetName)) });
  }
  if (shape.era !== call.era) edits.push(...metaEdits(call, shape));
  const message = edits.length === 0 ? call.bytes : splice(call.bytes, edits);
  const { requestState } = shape;
  return requestState === undefined ? message : withRequestState(message, 'params', () => requestState);
}

/** Everything that only one of the eras knows lives in `_meta`. */
function metaEdits(call: McpCall, shape: OutgoingShape): Replacement[] {
  const ours = shape.era === 'modern' ? eraMembers(shape) : [];
  const { params, meta } = call.scan;
  if (meta) {
    const others = objectMembers(call.bytes.subarray(meta.start, meta.end)).filter(({ key }) => !ERA_KEYS.has(key));
    return [{ span: meta, bytes: objectOf([...ours, ...others.map(({ bytes }) => bytes)]) }];
  }
  if (ours.length === 0) return [];
  const member = Buffer.concat([Buffer.from('"_meta":'), objectOf(ours)]);
  if (params) return [firstIn(params.start, member, Object.keys(call.params ?? {}).length > 0)];
  return [firstIn(call.bytes.indexOf(OPEN_BRACE), Buffer.concat([Buffer.from('"params":'), objectOf([member])]), true)];
}

function eraMembers({ revision, identity, capabilities = {}, logLevel }: OutgoingShape): Buffer[] {
  const values = {
    [META_KEYS.protocolVersion]: revision,
    [META_KEYS.clientInfo]: identity,
    [META_KEYS.clientCapabilities]: capabilities,
    ...(logLevel !== undefined && { [META_KEYS.logLevel]: logLevel }),
  };
  return Object.entries(values).map(([key, value]) => Buffer.from(`${JSON.stringify(key)}:${JSON.stringify(value)}`));
}

/** A member more in the object whose brace stands at `brace`. */
function firstIn(brace: number, member: Buffer, others: boolean): Replacement {
  const at = brace + 1;
  return { span: { start: at, end: at }, bytes: others ? Buffer.concat([member, Buffer.from(',')]) : member };
}

function objectOf(members: readonly Buffer[]): Buffer {
  const parts = members.flatMap((member, index) => (index === 0 ? [member] : [Buffer.from(','), member]));
  return Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')]);
}
