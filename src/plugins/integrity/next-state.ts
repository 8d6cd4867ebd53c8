import type { Verdict } from './tool-judge.js';
import type { ToolIntegrityRow, ToolState } from './tool-integrity.entity.js';

/** What a tool is once its upstream describes it so. What was approved once is fine again when it comes back. */
export function nextState(
  known: Pick<ToolIntegrityRow, 'state' | 'approvedHash'> | undefined,
  hash: string,
  first: Verdict['first'],
): ToolState {
  if (!known) return first;
  const { state, approvedHash } = known;
  if (state === 'blocked') return state;
  if (approvedHash !== null) return approvedHash === hash ? 'approved' : 'changed';
  // The first use is over: from now on people decide.
  return first === 'blocked' ? first : 'pending';
}
