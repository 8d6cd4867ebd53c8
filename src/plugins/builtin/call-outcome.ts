import { isJsonObject } from '#libs/mcp';
import type { ToolPostInvoke } from '../hooks.js';

/** Reasons of the gateway that say nothing of the tool: the caller's doing, or a rule of the house. */
const NOT_ITS_DOING: ReadonlySet<unknown> = new Set([
  'cancelled',
  'client_too_slow',
  'egress_refused',
  'session_ended',
  'signing_key_revoked',
  'token_changed',
  'token_expired',
  'token_revoked',
  'upstream_needs_input',
  'user_changed',
]);

/** What of a failure the gateway itself says; undefined where the upstream has answered. */
export function reasonOf({ error }: Pick<ToolPostInvoke, 'error'>): string | undefined {
  const reason = isJsonObject(error?.data) ? error.data['reason'] : undefined;
  return typeof reason === 'string' ? reason : undefined;
}

/** `ended` is neither: nobody waited for it any more. */
export function outcomeOfCall(payload: ToolPostInvoke): 'succeeded' | 'failed' | 'ended' {
  if (payload.error) return NOT_ITS_DOING.has(reasonOf(payload)) ? 'ended' : 'failed';
  return payload.result['isError'] === true ? 'failed' : 'succeeded';
}
