import { type EntityManager, In } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { assignmentCounts } from '../../rbac/roles/assignment-counts.js';
import { RoleAssignment } from '../../rbac/roles/role-assignment.entity.js';
import { Role } from '../../rbac/roles/role.entity.js';

/**
 * Gives the roles of these names that hold everywhere or over one's own things, and takes back those that single sign-on
 * gave before. Roles in teams come with the membership.
 * @returns what changed, in words
 */
export async function reconcileRoles(
  manager: EntityManager,
  userId: string,
  names: ReadonlySet<string>,
  providerId: string,
): Promise<string[]> {
  const roles = await manager.find(Role);
  const wanted = roles.filter(({ name, isActive, scope }) => names.has(name) && isActive && scope !== 'team');
  const held = await manager.findBy(RoleAssignment, { userId, scopeId: '' });
  const former = held.filter(({ roleId, source }) => source === 'sso' && !wanted.some(({ id }) => id === roleId));
  // What somebody gave by hand stays his, with its end; and no longer.
  const counting = held.filter((row) => assignmentCounts(row, undefined, Date.now()));
  const given = wanted.filter(({ id }) => !counting.some(({ roleId }) => roleId === id));
  const ended = held.filter(({ roleId }) => given.some(({ id }) => id === roleId));
  const over = [...former, ...ended].map(({ id }) => id);
  if (over.length > 0) await manager.delete(RoleAssignment, { id: In(over) });
  for (const { id: roleId, scope } of given) {
    const granted = { grantedBy: `sso:${providerId}`, grantedAt: new Date(), expiresAt: null, source: 'sso' as const };
    await manager.insert(RoleAssignment, { id: newId(), userId, roleId, scope, scopeId: '', ...granted });
  }
  const nameOf = (id: string): string => roles.find((role) => role.id === id)?.name ?? id;
  return [...given.map(({ name }) => `given ${name}`), ...former.map(({ roleId }) => `taken ${nameOf(roleId)}`)];
}
