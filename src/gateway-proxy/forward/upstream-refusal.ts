import { type Era, type IncomingFrame, RPC_CODES } from '#libs/mcp';

/** What the SDKs say to a request that they don't let in. */
const SDK_REFUSAL = -32000;
/** The errors to which 2026-07-28 gives a status of their own. */
const MODERN_STATUS: ReadonlyMap<number, number> = new Map([
  [RPC_CODES.methodNotFound, 404],
  [RPC_CODES.missingClientCapability, 400],
]);

export function errorCode({ bytes, scan: { errorCode: span } }: IncomingFrame): number | undefined {
  const code = span ? Number(bytes.toString('latin1', span.start, span.end)) : Number.NaN;
  return Number.isSafeInteger(code) ? code : undefined;
}

/** The HTTP status under which an error of an upstream goes down. */
export function errorStatus(frame: IncomingFrame, to: Era): number {
  return (to === 'modern' && MODERN_STATUS.get(errorCode(frame) ?? 0)) || 200;
}

/**
 * Whether a legacy upstream has forgotten the session: 404, though some say it of an unknown method; the reference servers
 * say 400 with -32000 and no id.
 * @param inSession the upstream had given it an id
 */
export function isSessionLost(status: number, frame: IncomingFrame | undefined, inSession: boolean): boolean {
  const code = frame && errorCode(frame);
  if (status === 404) return inSession && code !== RPC_CODES.methodNotFound;
  const id = frame?.scan.id;
  const unread = id === undefined || frame?.bytes.toString('latin1', id.start, id.end) === 'null';
  return status === 400 && code === SDK_REFUSAL && unread;
}
