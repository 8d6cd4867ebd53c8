import { type Era, type IncomingFrame, isJsonObject, LOG_LEVELS, type LogLevel } from '#libs/mcp';

/**
 * Whether a notification of an upstream goes down before the answer. A client of 2026-07-28 gets progress, and log
 * messages of the level it asked for or above; an upstream of another era, or one that several share, sends more.
 */
export function admitsNotification(frame: IncomingFrame, to: Era, logLevel: LogLevel | undefined): boolean {
  if (to === 'legacy') return true;
  const { method, params } = parsed(frame.bytes);
  if (method === 'notifications/progress') return true;
  if (method !== 'notifications/message' || logLevel === undefined) return false;
  const level = isJsonObject(params) ? LOG_LEVELS.findIndex((known) => known === params['level']) : -1;
  return level >= LOG_LEVELS.indexOf(logLevel);
}

function parsed(bytes: Buffer): { readonly method?: unknown; readonly params?: unknown } {
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'));
    return isJsonObject(message) ? message : {};
  } catch {
    return {};
  }
}
