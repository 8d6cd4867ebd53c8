import { isJsonObject, type JsonRpcId, RPC_CODES } from '../json-rpc.js';
import { trimmedSpan } from '../json-lexis.js';
import { type JsonScan, scanJson, type Span } from '../json-scan.js';
import type { Era } from '../revisions.js';
import { type Replacement, splice } from '../splice.js';
import { downgradedResult } from './downgraded-result.js';

// An upstream's nesting is its own affair, but no reader downstream is endless.
const MAX_DEPTH = 512;
/** url elicitation required, 2025-11-25; 2026-07-28 has no such code. */
export const NEEDS_URL = -32042;
const [OPEN_BRACE, CLOSE_BRACE] = [0x7b, 0x7d];
const PRIVATE = Buffer.from('"private"');

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
  /** The client can take a task in the place of a result (tasks extension of 2026-07-28). */
  readonly mayBeTask?: boolean;
}

/** `not_relayed`: an error that speaks of the hop between the gate and the upstream. */
export type AnswerFault = 'not_an_answer' | 'wrong_id' | 'needs_input' | 'not_relayed';

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
  const outcome = scan.result ?? scan.error;
  // MCP has no result and no error that is not an object.
  if (frame.kind !== 'answer' || outcome === undefined || bytes[outcome.start] !== OPEN_BRACE) return 'not_an_answer';
  if (!scan.id || parsed(bytes, scan.id) !== shape.upstreamId) return 'wrong_id';
  if (shape.to === 'modern' && !shape.mayBeTask && isTask(frame)) return 'not_an_answer';
  const edits: Replacement[] = [];
  if (text(bytes, scan.id) !== shape.rawId) edits.push({ span: scan.id, bytes: Buffer.from(shape.rawId) });
  if (scan.error) {
    const code = errorFor(frame, scan.error, shape);
    if (typeof code === 'string') return code;
    if (code) edits.push(code);
  } else if (scan.result && shape.to === 'modern') {
    edits.push(...stamps(bytes, scan.result, scan, shape));
  }
  const answer = edits.length === 0 ? bytes : splice(bytes, edits);
  if (scan.result === undefined || shape.to === 'modern' || shape.from === 'legacy') return answer;
  const complete = scan.resultType === undefined || parsed(bytes, scan.resultType) === 'complete';
  return complete ? downgradedResult(answer, MAX_DEPTH) : 'needs_input';
}

/**
 * Every modern result says what kind it is; older servers, and some modern ones, leave it out. What may be kept is kept
 * for this caller alone: the gate judges each one by himself.
 */
function stamps(bytes: Buffer, result: Span, scan: JsonScan, { cacheable }: AnswerShape): Replacement[] {
  const edits: Replacement[] = [];
  const missing: string[] = [];
  if (!scan.resultType) missing.push('"resultType":"complete"');
  if (cacheable) {
    if (!scan.ttlMs) missing.push('"ttlMs":0');
    if (!scan.cacheScope) missing.push('"cacheScope":"private"');
    else if (text(bytes, scan.cacheScope) !== '"private"') edits.push({ span: scan.cacheScope, bytes: PRIVATE });
  }
  if (missing.length === 0) return edits;
  const at = result.start + 1;
  const { start: first } = trimmedSpan(bytes, at, result.end);
  const added = Buffer.from(missing.join(',') + (bytes[first] === CLOSE_BRACE ? '' : ','));
  return [...edits, { span: { start: at, end: at }, bytes: added }];
}

/** The error in the words of the client's era: what has to differ, or why the client can't be told. */
function errorFor(
  { bytes, scan }: IncomingFrame,
  error: Span,
  { to, from, cacheable }: AnswerShape,
): Replacement | AnswerFault | undefined {
  const code = scan.errorCode && parsed(bytes, scan.errorCode);
  if (code === RPC_CODES.headerMismatch || code === RPC_CODES.unsupportedVersion) return 'not_relayed';
  const recoded = (as: number): Replacement | undefined =>
    scan.errorCode && { span: scan.errorCode, bytes: Buffer.from(String(as)) };
  if (to === 'modern') {
    if (code === NEEDS_URL) return 'needs_input';
    // 2026-07-28 has no -32002: a missing resource is a bad parameter.
    return code === RPC_CODES.resourceNotFound ? recoded(RPC_CODES.invalidParams) : undefined;
  }
  if (from === 'legacy') return undefined;
  if (code === RPC_CODES.missingClientCapability) return 'needs_input';
  // Of the methods that go up only the reading of a resource is cacheable.
  const missing = cacheable && code === RPC_CODES.invalidParams && namesUri(parsed(bytes, error));
  return missing ? recoded(RPC_CODES.resourceNotFound) : undefined;
}

const isTask = ({ bytes, scan: { resultType } }: IncomingFrame): boolean =>
  resultType !== undefined && parsed(bytes, resultType) === 'task';

function namesUri(error: unknown): boolean {
  const data = isJsonObject(error) ? error['data'] : undefined;
  return isJsonObject(data) && typeof data['uri'] === 'string';
}

function parsed(bytes: Buffer, span: Span): unknown {
  try {
    return JSON.parse(text(bytes, span));
  } catch {
    return undefined;
  }
}

const text = (bytes: Buffer, { start, end }: Span): string => bytes.toString('utf8', start, end);
