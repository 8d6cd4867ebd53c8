import { isJsonObject, type JsonObject, RPC_CODES } from '#libs/mcp';
import { reasonOf } from '../call-outcome.js';
import type { CallError } from '../../hooks.js';

export interface FailureRules {
  readonly retry_on_status: readonly number[];
  readonly check_text_content: boolean;
}

interface Outcome {
  readonly result: JsonObject;
  readonly error?: CallError;
}

/** Reasons of the gateway for which another try may end otherwise. */
const PASSING: ReadonlySet<string> = new Set([
  'upstream_unreachable',
  'upstream_timeout',
  'upstream_closed',
  'upstream_busy',
  'upstream_failed',
]);
const LONGEST_TEXT = 10_000;

/** Whether a call failed in a way that may be over at the next try. What says nothing of its status may be. */
export function isPassing({ result, error }: Outcome, rules: FailureRules): boolean {
  if (error) {
    const reason = reasonOf({ error });
    if (reason !== undefined) return PASSING.has(reason);
    const status = statusIn(error.data);
    return status === undefined ? error.code === RPC_CODES.internalError : rules.retry_on_status.includes(status);
  }
  const status = statusIn(result['structuredContent']) ?? (rules.check_text_content ? statusInText(result) : undefined);
  return status === undefined ? result['isError'] === true : rules.retry_on_status.includes(status);
}

function statusIn(value: unknown): number | undefined {
  if (!isJsonObject(value)) return undefined;
  const status = value['status_code'] ?? value['statusCode'];
  return typeof status === 'number' ? status : undefined;
}

function statusInText({ content }: JsonObject): number | undefined {
  const [first]: unknown[] = Array.isArray(content) ? content : [];
  const text = isJsonObject(first) ? first['text'] : undefined;
  if (typeof text !== 'string' || text.length > LONGEST_TEXT || !text.trimStart().startsWith('{')) return undefined;
  try {
    return statusIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}
