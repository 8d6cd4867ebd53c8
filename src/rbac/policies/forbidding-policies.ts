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
}
