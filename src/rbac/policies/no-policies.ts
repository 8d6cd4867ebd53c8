import { ForbiddingPolicies } from './forbidding-policies.js';

/** Forbids nothing. */
export class NoPolicies extends ForbiddingPolicies {
  forbids(): undefined {}

  version(): number {
    return 0;
  }
}
