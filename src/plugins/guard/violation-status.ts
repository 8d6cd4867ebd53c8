import type { Violation } from '../plugin.js';

/** The HTTP status of blocks, by their code; others are 422. */
export const VIOLATION_STATUS: Readonly<Record<string, number>> = {
  RATE_LIMIT: 429,
  INVALID_URI: 400,
  deny: 403,
  DENY: 403,
  BLOCKED: 403,
  BLOCKED_CONTENT: 403,
  PROTOCOL_BLOCKED: 403,
  DOMAIN_BLOCKED: 403,
  URL_REPUTATION_BLOCK: 403,
  TOOL_NOT_APPROVED: 403,
  CONTENT_TOO_LARGE: 413,
  MODERATION_ERROR: 503,
  CIRCUIT_OPEN: 503,
  WATCHDOG_TIMEOUT: 504,
  INVALID_TOKEN: 401,
  API_KEY_REVOKED: 401,
  AUTH_REQUIRED: 401,
  EXECUTION_ERROR: 500,
  PROCESSING_ERROR: 500,
};

export function statusOf({ httpStatus, code }: Violation): number {
  if (httpStatus !== undefined && Number.isInteger(httpStatus) && httpStatus >= 400 && httpStatus < 600)
    return httpStatus;
  return Object.hasOwn(VIOLATION_STATUS, code) ? (VIOLATION_STATUS[code] ?? 422) : 422;
}

/** Headers that a block may add to the answer. */
const ADMITTED = /^(retry-after|x-ratelimit-[a-z-]{1,40}|ratelimit(-[a-z]{1,20})?)$/i;
const VALUE = /^[\x20-\x7e]{1,200}$/;

export function headersOf({ httpHeaders = {} }: Violation): Record<string, string> {
  return Object.fromEntries(
    Object.entries(httpHeaders).filter(([name, value]) => ADMITTED.test(name) && VALUE.test(value)),
  );
}
