import type { Decision } from '#libs/policy';
import type { Verdict } from './policy-set.js';

const refusals = new WeakMap<Verdict, Decision>();

/** The decision that a verdict makes; undefined when nothing forbids it. A policy that can't be asked denies. */
export function refusalOf(verdict: Verdict): Decision | undefined {
  const { forbidding, failing } = verdict;
  if (forbidding.length === 0 && failing.length === 0) return undefined;
  const known = refusals.get(verdict);
  if (known) return known;
  const reason = forbidding.length > 0 ? 'policy' : 'error';
  const refusal: Decision = Object.freeze({ allowed: false, reason, policies: [...forbidding, ...failing] });
  refusals.set(verdict, refusal);
  return refusal;
}
