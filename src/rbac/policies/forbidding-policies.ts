import type { Decision, Permission, Principal } from '#libs/policy';
import type { Circumstances, Target } from '../access.service.js';

/** What attributes forbid although roles allow it. */
export abstract class ForbiddingPolicies {
  /** The refusal, or undefined when no policy forbids it. @throws whatever goes wrong; then it is denied */
  abstract forbids(
    principal: Principal,
    action: Permission,
    row: Target | undefined,
    at: Circumstances,
  ): Decision | undefined;

  /** Somebody does what was allowed; drafts may have something to say about it. Never throws. */
  abstract observe(principal: Principal, action: Permission, row: Target | undefined, at: Circumstances): void;
  /**
   * Another number once something else may be forbidden. Undefined while that depends on more than on who asks and on the
   * row: answers about the action must not be remembered then.
   */
  abstract version(action: Permission): number | undefined;

  /** Told whenever something else may be forbidden, when it is in force. Must not throw. */
  abstract onChange(listener: () => void): void;
}
