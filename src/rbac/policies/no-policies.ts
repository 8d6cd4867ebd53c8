import { ForbiddingPolicies } from './forbidding-policies.js';

/** Forbids nothing. */
export class NoPolicies extends ForbiddingPolicies {
  forbids(): undefined {}
}
