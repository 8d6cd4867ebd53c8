import type { ExplainContext } from './explain-context.js';
import { failed, passed, type Step } from './explain-step.js';
import { type Permission, PLATFORM_PERMISSIONS } from './permissions.js';
import type { Principal } from './principal.js';
import { isWholeScope } from './team-scope.js';

/** What is to be explained. */
export interface Asked {
  readonly principal: Principal;
  readonly action: Permission;
  /** The team that a route is about, where there is no row. */
  readonly teamId: string | undefined;
  readonly context: ExplainContext;
}

export function explainToken({ principal, action }: Asked): Step {
  const cap = principal.restrictions.permissions;
  if (!cap) return passed('token', 'The credential carries no list of permissions.');
  if (cap.has(action)) return passed('token', `The token's list of permissions has ${action}.`);
  const needed = `a token whose list of permissions has ${action}, or one without a list`;
  return failed('token', `The token's list of permissions lacks ${action}.`, needed);
}

export function explainNarrowing({ principal: { teams }, action, context }: Asked): Step {
  const ids = teams.kind === 'teams' ? [...teams.ids].map(context.teamName) : [];
  const reach = ids.length > 0 ? `to the teams ${ids.join(', ')}` : 'to public rows';
  const whole = isWholeScope(teams);
  if (whole) return passed('narrowing', 'Nothing narrows the credential to teams or to public rows.');
  if (!PLATFORM_PERMISSIONS.has(action))
    return passed('narrowing', `The credential is narrowed ${reach}; ${action} allows that, the rows decide.`);
  return failed(
    'narrowing',
    `${action} is about the platform as a whole, and the credential is narrowed ${reach}.`,
    "a sign-in, or an administrator's token that names no teams",
  );
}

/** Passed means that roles and ownership are not needed. */
export function explainAdministrator({ principal: { isAdmin, teams } }: Asked): Step {
  if (!isAdmin) return failed('administrator', 'The user does not administer the platform.');
  if (teams.kind === 'all')
    return passed('administrator', 'An administrator whom nothing narrows needs no role and no ownership.');
  return failed('administrator', 'The user administers the platform, but a narrowed credential is an ordinary one.');
}
