import { isJsonObject } from '#libs/mcp';
import type { Violation } from '../../plugin.js';
import type { PolicyHook } from './policy-input.js';

/** What a policy said; nothing but a clear yes is one. */
export interface Decision {
  readonly allow: boolean;
  /** The policy's own words. */
  readonly reason?: string;
}

/** Why there is no decision: `undefined` is a rule that has no value for the input. */
export type NoDecision =
  | 'undefined'
  | 'not_a_decision'
  | 'no_endpoint'
  | 'input_too_large'
  | 'timeout'
  | 'unreachable'
  | 'too_large'
  | 'status'
  | 'failed';

/** Those that say that the policy could not be asked, in contrast to one that gave no approval. */
export const UNAVAILABLE: ReadonlySet<NoDecision> = new Set(['timeout', 'unreachable', 'status', 'failed']);

const LONGEST_REASON = 256;

/** `true`, `false`, or an object whose `allow` is one of them. The text `"true"` is none. */
export function readDecision(result: unknown): Decision | NoDecision {
  if (result === undefined) return 'undefined';
  if (typeof result === 'boolean') return { allow: result };
  if (!isJsonObject(result) || typeof result['allow'] !== 'boolean') return 'not_a_decision';
  const { allow, reason } = result;
  return { allow, ...(typeof reason === 'string' && { reason: reason.slice(0, LONGEST_REASON) }) };
}

export function denied(hook: PolicyHook, policy: string, outcome: Decision | NoDecision, id?: string): Violation {
  const why = typeof outcome === 'string' ? { no_decision: outcome } : { reason: outcome.reason };
  return {
    reason: `OPA policy denied for ${hook}`,
    description: `${hook} not allowed`,
    code: 'DENY',
    details: {
      policy,
      ...(id !== undefined && { decision_id: id }),
      ...Object.fromEntries(Object.entries(why).filter(([, value]) => value !== undefined)),
    },
  };
}
