import type { Decision, Permission, Principal } from '#libs/policy';
import type { Circumstances, Target } from '../access.service.js';

/** A decision, or a refusal by what the token itself forbids. */
export type Verdict = Pick<Decision, 'allowed' | 'policies'> & { readonly reason: string };

/** A decision that somebody acts on. */
export interface Check {
  readonly principal: Principal;
  readonly action: Permission;
  readonly row: Target | undefined;
  readonly answer: Verdict;
  readonly at: Circumstances;
}

/** Where decisions are written down. It must neither throw nor wait: it stands on the path of every call. */
export abstract class CheckLog {
  abstract note(check: Check): void;
}
