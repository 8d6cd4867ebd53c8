import { type EntityManager, In, Not } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { normaliseId } from '../../http/normalise-id.js';
import { TeamMember } from '../../teams/team-member.entity.js';
import { Team } from '../../teams/team.entity.js';
import { assignmentCounts } from '../roles/assignment-counts.js';
import { RoleAssignment } from '../roles/role-assignment.entity.js';
import { Role } from '../roles/role.entity.js';
import type { FileAssignmentDto } from './file-role.dto.js';

interface Outcome {
  /** What can't ever be; the transaction must not be kept then. */
  readonly faults: readonly string[];
  /** What may be at a later start: accounts and memberships that there are not yet. */
  readonly waiting: readonly string[];
}

/** Gives what the file gives, and takes back what an earlier file gave. @param accounts ids by e-mail */
export async function applyAssignments(
  manager: EntityManager,
  wanted: readonly FileAssignmentDto[],
  accounts: ReadonlyMap<string, string>,
): Promise<Outcome> {
  const faults: string[] = [];
  const waiting: string[] = [];
  const kept: string[] = [];
  for (const [index, wish] of wanted.entries()) {
    const at = `assignments[${index}]`;
    const role = await manager.findOneBy(Role, { name: wish.role, isActive: true });
    if (!role) faults.push(`${at}.role: there is no role ${wish.role}`);
    else if (role.scope !== wish.scope) faults.push(`${at}.scope: ${wish.role} has scope ${role.scope}`);
    else {
      const given = await give(manager, wish, role, accounts.get(wish.user_email));
      if ('id' in given) kept.push(given.id);
      else waiting.push(`${at}.${given.missing}`);
    }
  }
  const former =
    kept.length > 0 ? { source: 'bootstrap' as const, id: Not(In(kept)) } : { source: 'bootstrap' as const };
  await manager.delete(RoleAssignment, former);
  return { faults, waiting };
}

async function give(
  manager: EntityManager,
  { user_email: email, scope, team: wantedTeam, expires_at: end }: FileAssignmentDto,
  { id: roleId }: Role,
  user: string | undefined,
): Promise<{ id: string } | { missing: string }> {
  if (user === undefined) return { missing: `user_email: there is no account ${email}` };
  const expiresAt = end ? new Date(end) : null;
  if (expiresAt && expiresAt.getTime() <= Date.now()) return { missing: 'expires_at: has passed' };
  const member = wantedTeam === undefined ? undefined : await membership(manager, wantedTeam, user);
  if (wantedTeam !== undefined && !member) return { missing: `team: ${email} is not a member of ${wantedTeam}` };
  const place = { userId: user, roleId, scope, scopeId: member?.teamId ?? '' };
  const known = await manager.findOneBy(RoleAssignment, place);
  if (known && assignmentCounts({ scope, grantedAt: known.grantedAt, expiresAt }, member?.joinedAt, Date.now())) {
    // What somebody gave by hand stays his, with his end.
    if (known.source === 'bootstrap') await manager.update(RoleAssignment, { id: known.id }, { expiresAt });
    return { id: known.id };
  }
  if (known) await manager.delete(RoleAssignment, { id: known.id });
  const id = newId();
  const grantedAt = new Date(Math.max(Date.now(), member?.joinedAt.getTime() ?? 0));
  await manager.insert(RoleAssignment, { id, ...place, grantedBy: null, grantedAt, expiresAt, source: 'bootstrap' });
  return { id };
}

async function membership(manager: EntityManager, wanted: string, userId: string): Promise<TeamMember | null> {
  const team = await manager.findOne(Team, {
    where: [
      { slug: wanted, isActive: true },
      { id: normaliseId(wanted), isActive: true },
    ],
  });
  return team && manager.findOneBy(TeamMember, { teamId: team.id, userId, isActive: true });
}
