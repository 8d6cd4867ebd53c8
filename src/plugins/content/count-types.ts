import type { Finding } from '#libs/guardrails';

/** How many findings there are of each type; for audit trails, which are told no content. */
export function countTypes(findings: readonly Pick<Finding, 'type'>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
