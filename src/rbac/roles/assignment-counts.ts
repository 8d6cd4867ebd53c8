import type { RoleAssignment } from './role-assignment.entity.js';

/** Whether an assignment has not ended and, in a team, was given since the user joined it. @param joinedAt undefined for one who is no member */
export function assignmentCounts(
  { scope, grantedAt, expiresAt }: Pick<RoleAssignment, 'scope' | 'grantedAt' | 'expiresAt'>,
  joinedAt: Date | undefined,
  now: number,
): boolean {
  if (expiresAt !== null && expiresAt.getTime() <= now) return false;
  return scope !== 'team' || (joinedAt !== undefined && joinedAt <= grantedAt);
}
