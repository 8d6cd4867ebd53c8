import type { UsageQuota } from '#libs/policy';
import type { ApiToken } from './api-token.entity.js';

const KNOWN = new Set(['requests_per_hour', 'requests_per_day']);

/**
 * What is counted of a token; undefined when nothing is.
 * @throws RangeError about limits that this build can't enforce
 */
export function quotaOf({ id, usageLimits, maxUses }: ApiToken): UsageQuota | undefined {
  if (usageLimits === null && maxUses === null) return undefined;
  const limits: unknown = usageLimits ?? {};
  if (typeof limits !== 'object' || limits === null || Array.isArray(limits)) throw new RangeError('not an object');
  const unknown = Object.keys(limits).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new RangeError(`"${unknown}" is not a usage limit`);
  const perHour = limitIn(usageLimits?.requests_per_hour);
  const perDay = limitIn(usageLimits?.requests_per_day);
  return { tokenId: id, perHour, perDay, maxUses: limitIn(maxUses ?? undefined) };
}

function limitIn(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new RangeError('not a count');
  return value;
}
