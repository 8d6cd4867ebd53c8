import { type Era, type IncomingFrame, isJsonObject, LOG_LEVELS, type LogLevel } from '#libs/mcp';

/** Told by the gate itself, to those who see what it is about. */
const OF_THE_GATE = /^"notifications\/(?:resources\/updated|(?:tools|prompts|resources)\/list_changed)"$/;

/**
 * Whether a notification of an upstream goes down before the answer. A client of 2026-07-28 gets progress, and log
 * messages of the level it asked for or above; an upstream of another era, or one that several share, sends more.
 */
export function admitsNotification(frame: IncomingFrame, to: Era, logLevel: LogLevel | undefined): boolean {
  if (to === 'legacy') return !OF_THE_GATE.test(methodOf(frame));
  const { method, params } = parsed(frame.bytes);
  if (method === 'notifications/progress') return true;
  if (method !== 'notifications/message' || logLevel === undefined) return false;
  const level = isJsonObject(params) ? LOG_LEVELS.findIndex((known) => known === params['level']) : -1;
  return level >= LOG_LEVELS.indexOf(logLevel);
}

/** As JSON text. */
function methodOf({ bytes, scan: { method } }: IncomingFrame): string {
  return method ? bytes.toString('utf8', method.start, method.end) : '';
}

function parsed(bytes: Buffer): { readonly method?: unknown; readonly params?: unknown } {
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'));
    return isJsonObject(message) ? message : {};
  } catch {
    return {};
  }
}
