import { decide } from './decide.js';
import type { Decision } from './decision.js';
import { type ExplainContext, PLAIN_CONTEXT } from './explain-context.js';
import { type Asked, explainNarrowing, explainToken, explainAdministrator } from './explain-credential.js';
import { explainPlace, explainRoles } from './explain-roles.js';
import { explainBinding, explainOwnership, explainVisibility } from './explain-row.js';
import type { Step, StepName } from './explain-step.js';
import type { Permission } from './permissions.js';
import { CHANGES } from './place.js';
import type { Principal } from './principal.js';
import { isWholeScope } from './team-scope.js';
import { canSee, type OwnedRow } from './visibility.js';

export type { ExplainContext, KnownRole } from './explain-context.js';
export { PLAIN_CONTEXT } from './explain-context.js';

export type ExplainedStep = Omit<Step, 'needed'>;

/** A decision, and how it came about. */
export interface Explanation {
  readonly decision: Decision;
  /**
   * In the order in which the rule asks. The first that failed denied it, but for an administrator's un-narrowed credential,
   * which needs no more than `token`, `narrowing`, `visibility` and `binding`.
   */
  readonly steps: readonly ExplainedStep[];
  /** What would be needed, each of it; empty when it is allowed. */
  readonly needed: readonly string[];
}

/** Says why {@link decide} answers as it does; a test compares the two. */
export function explain(
  principal: Principal,
  action: Permission,
  row?: OwnedRow,
  teamId?: string,
  context: ExplainContext = PLAIN_CONTEXT,
): Explanation {
  const asked: Asked = { principal, action, teamId, context };
  const administrator = explainAdministrator(asked);
  const steps = [explainToken(asked), explainNarrowing(asked), administrator, explainRoles(asked, row)];
  if (row) steps.push(explainVisibility(asked, row), explainPlace(asked, row));
  if (row && CHANGES.test(action)) steps.push(explainOwnership(asked, row));
  const { senderConstrained = 'none' } = row ?? {};
  if (action === 'servers.use' && senderConstrained !== 'none') steps.push(explainBinding(asked, senderConstrained));
  const decision = decide(principal, action, row, teamId);
  return {
    decision,
    steps: steps.map(({ step, passed, text }) => ({ step, passed, text })),
    needed: decision.allowed ? [] : neededOf(steps, administrator.passed || isBeyondReach(principal, row)),
  };
}

/** What an administrator's un-narrowed credential needs all the same. */
const APART: ReadonlySet<StepName> = new Set(['token', 'narrowing', 'visibility', 'binding']);

/** What a user holds there does not show in a narrowed credential. */
const isBeyondReach = (principal: Principal, row: OwnedRow | undefined): boolean =>
  row !== undefined && !isWholeScope(principal.teams) && !canSee(principal, row);

/** @param apart whether roles and ownership don't matter: an administrator's bypass makes up for them */
function neededOf(steps: readonly Step[], apart: boolean): string[] {
  const decisive = steps.filter(({ step }) => !apart || APART.has(step));
  return [...new Set(decisive.flatMap(({ passed, needed }) => (passed || needed === undefined ? [] : [needed])))];
}
