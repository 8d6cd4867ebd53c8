import { isJsonObject, type JsonObject, type JsonRpcId, RPC_CODES } from '../json-rpc.js';
import { type JsonScan, scanJson, type Span } from '../json-scan.js';
import type { Era } from '../revisions.js';
import { type Replacement, splice } from '../splice.js';

// An upstream's nesting is its own affair, but no reader downstream is endless.
const MAX_DEPTH = 512;

/** What the client's side of an answer has to be. */
export interface AnswerShape {
  /** The id that went up. */
  readonly upstreamId: JsonRpcId;
  /** The id as the client wrote it, JSON text. */
  readonly rawId: string;
  readonly from: Era;
  readonly to: Era;
  /** The method's result carries `ttlMs` and `cacheScope` (2026-07-28). */
  readonly cacheable: boolean;
}

export type AnswerFault = 'not_an_answer' | 'wrong_id' | 'needs_input';

/** A message of an upstream: one that answers the request, or one that comes before the answer. */
export interface IncomingFrame {
  readonly bytes: Buffer;
  readonly scan: JsonScan;
  readonly kind: 'answer' | 'request' | 'notification';
}

/** Frames one JSON-RPC message without building it; undefined for what is none. */
export function frameOf(bytes: Buffer): IncomingFrame | undefined {
  const scan = scanJson(bytes, MAX_DEPTH);
  if (typeof scan === 'string') return undefined;
  if (scan.method) return { bytes, scan, kind: scan.id ? 'request' : 'notification' };
  return (scan.result === undefined) === (scan.error === undefined) ? undefined : { bytes, scan, kind: 'answer' };
}

/** The answer as it goes down: the received bytes wherever nothing has to differ. */
export function incomingAnswer(frame: IncomingFrame, shape: AnswerShape): Buffer | AnswerFault {
  const { bytes, scan } = frame;
  if (frame.kind !== 'answer') return 'not_an_answer';
  if (!scan.id || !isId(bytes, scan.id, shape.upstreamId)) return 'wrong_id';
  if (shape.from === 'modern' && shape.to === 'legacy') return downgraded(bytes, shape);
  const edits: Replacement[] = [];
  if (String(shape.upstreamId) !== shape.rawId && text(bytes, scan.id) !== shape.rawId) {
    edits.push({ span: scan.id, bytes: Buffer.from(shape.rawId) });
  }
  if (shape.to === 'modern' && scan.result) edits.push(...stamps(bytes, scan.result, shape));
  if (shape.to === 'modern' && shape.from === 'legacy' && scan.error) edits.push(...modernError(bytes, scan.error));
  return edits.length === 0 ? bytes : splice(bytes, edits);
}

/** Every modern result says what kind it is; older servers, and some modern ones, leave it out. */
function stamps(bytes: Buffer, result: Span, { from, cacheable }: AnswerShape): Replacement[] {
  const raw = bytes.subarray(result.start, result.end);
  if (raw[0] !== 0x7b) return [];
  const missing: string[] = [];
  if (!raw.includes('"resultType"')) missing.push('"resultType":"complete"');
  if (cacheable && from === 'legacy') missing.push('"ttlMs":0', '"cacheScope":"private"');
  if (missing.length === 0) return [];
  const empty = raw.subarray(1).toString('latin1').trimStart().startsWith('}');
  const at = result.start + 1;
  return [{ span: { start: at, end: at }, bytes: Buffer.from(missing.join(',') + (empty ? '' : ',')) }];
}

/** 2026-07-28 has no -32002: a missing resource is a bad parameter. */
function modernError(bytes: Buffer, error: Span): Replacement[] {
  const parsed = parse(text(bytes, error));
  if (!parsed || parsed['code'] !== RPC_CODES.resourceNotFound) return [];
  return [{ span: error, bytes: Buffer.from(JSON.stringify({ ...parsed, code: RPC_CODES.invalidParams })) }];
}

/** What only 2026-07-28 knows is taken out of a result for an older client. */
function downgraded(bytes: Buffer, { rawId }: AnswerShape): Buffer | AnswerFault {
  const message = parse(bytes.toString('utf8'));
  if (!message) return 'not_an_answer';
  const { result, error } = message;
  if (!isJsonObject(result)) return Buffer.from(`{"jsonrpc":"2.0","id":${rawId},"error":${JSON.stringify(error)}}`);
  if (result['resultType'] !== undefined && result['resultType'] !== 'complete') return 'needs_input';
  const { resultType: _resultType, ttlMs: _ttlMs, cacheScope: _cacheScope, ...plain } = result;
  const structured = plain['structuredContent'];
  const wrapped =
    structured === undefined || isJsonObject(structured)
      ? plain
      : { ...plain, structuredContent: { result: structured } };
  return Buffer.from(`{"jsonrpc":"2.0","id":${rawId},"result":${JSON.stringify(wrapped)}}`);
}

function isId(bytes: Buffer, span: Span, expected: JsonRpcId): boolean {
  try {
    return JSON.parse(text(bytes, span)) === expected;
  } catch {
    return false;
  }
}

function parse(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const text = (bytes: Buffer, { start, end }: Span): string => bytes.toString('utf8', start, end);
