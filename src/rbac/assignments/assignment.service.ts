import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource, type EntityManager } from 'typeorm';
import { type Act, AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { TeamMember } from '../../teams/team-member.entity.js';
import { TeamUsers } from '../../teams/team-users.js';
import { Team } from '../../teams/team.entity.js';
import { RoleAssignment } from '../roles/role-assignment.entity.js';
import { RoleBook } from '../roles/role-book.js';
import { lockRoles } from '../roles/role-lock.js';
import { refuse } from '../roles/role-rules.js';
import { Role } from '../roles/role.entity.js';
import { type AssignmentWish, isRole } from './assignment-wish.js';
import { demandGrantable } from './granting.js';

export const MOST_ROLES_OF_USER = 200;

/** Which assignment is to end; `undefined` when there is none, and then the caller hears 404. */
export type Find = (manager: EntityManager) => Promise<RoleAssignment | null>;
/** What else has to hold, asked in the transaction that holds the locks. */
export type Demand = (manager: EntityManager) => Promise<unknown>;

const NOTHING_ELSE: Demand = () => Promise.resolve();

/** Gives roles and takes them back, one change after the other; every door obeys before it resolves. */
@Injectable()
export class AssignmentService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly bus: ChangeBus,
    private readonly users: TeamUsers,
    private readonly trail: AuditTrail,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws GatewayError 400 that names the field and the rule, 403 for what the caller does not hold */
  async assign(caller: Principal, wish: AssignmentWish, demand = NOTHING_ELSE): Promise<RoleAssignment> {
    const email = await this.#emailOf(wish.userId);
    const row = await this.unit.run(async (manager) => {
      const joinedAt = await this.#lock(manager, wish);
      await demand(manager);
      const roles = await manager.findBy(Role, { isActive: true });
      const role = roles.find(isRole(wish.role));
      if (!role) throw new GatewayError('bad_request', `${'id' in wish.role ? 'role_id' : 'role'}: Role not found`);
      const { name, scope: own } = role;
      const unlike = `scope: The role ${name} has scope ${own}: it can’t be given with scope ${wish.scope}`;
      refuse(own === wish.scope ? undefined : unlike);
      demandGrantable(caller, role, wish, new RoleBook(roles));
      // Never before the joining, whatever the clocks of the replicas say.
      const grantedAt = new Date(Math.max(Date.now(), joinedAt?.getTime() ?? 0));
      const { userId, scope, scopeId, expiresAt } = wish;
      const given = { id: newId(), userId, roleId: role.id, scope, scopeId, grantedBy: caller.subject, grantedAt };
      const assignment = { ...given, expiresAt, source: 'manual' } as const;
      await this.#insert(manager, assignment, joinedAt);
      const after = valuesOf(assignment, role, email);
      await this.trail.record(manager, caller, { ...actOn(assignment, role), action: 'assign', after });
      return assignment;
    });
    this.bus.publish({ kind: 'user_changed', userId: row.userId });
    return row;
  }

  /** @throws GatewayError 404, 403 for what the caller does not hold */
  async revoke(caller: Principal, find: Find, demand = NOTHING_ELSE): Promise<void> {
    const seen = await find(this.dataSource.manager);
    const email = seen ? await this.#emailOf(seen.userId) : '';
    const { userId } = await this.unit.run(async (manager) => {
      await lockRoles(manager);
      await demand(manager);
      const row = await find(manager);
      const roles = await manager.find(Role);
      const role = row && roles.find(({ id }) => id === row.roleId);
      if (!role) throw new GatewayError('not_found', 'Role assignment not found');
      demandGrantable(caller, role, row, new RoleBook(roles));
      await manager.delete(RoleAssignment, { id: row.id });
      const before = valuesOf(row, role, email);
      await this.trail.record(manager, caller, { ...actOn(row, role), action: 'revoke', before });
      return row;
    });
    this.bus.publish({ kind: 'user_changed', userId });
  }

  /** Before the transaction, which may have the only connection. */
  async #emailOf(userId: string): Promise<string> {
    const [user] = await this.users.byIds([userId]);
    return user?.email ?? '';
  }

  /** @returns when the user joined the team, which does not lose him before the end of the transaction */
  async #lock(manager: EntityManager, { userId, scope, scopeId }: AssignmentWish): Promise<Date | undefined> {
    await lockRoles(manager);
    if (scope !== 'team') return undefined;
    await manager.increment(Team, { id: scopeId }, 'revision', 1);
    refuse((await manager.existsBy(Team, { id: scopeId, isActive: true })) ? undefined : 'scope_id: Team not found');
    const member = await manager.findOneBy(TeamMember, { teamId: scopeId, userId, isActive: true });
    if (!member) throw new GatewayError('bad_request', 'scope_id: The user is not a member of this team');
    return member.joinedAt;
  }

  /** In the place of one that has ended, or of an earlier time in the team. */
  async #insert(manager: EntityManager, row: RoleAssignment, joinedAt: Date | undefined): Promise<void> {
    const { userId, roleId, scope, scopeId } = row;
    const given = await manager.findBy(RoleAssignment, { userId });
    const known = given.find((each) => each.roleId === roleId && each.scope === scope && each.scopeId === scopeId);
    const ended = known?.expiresAt && known.expiresAt.getTime() <= Date.now();
    const ofBefore = known && joinedAt && known.grantedAt < joinedAt;
    refuse(known && !ended && !ofBefore ? 'Role already assigned to user' : undefined);
    if (known) await manager.delete(RoleAssignment, { id: known.id });
    else
      refuse(
        given.length >= MOST_ROLES_OF_USER ? `A user has at most ${MOST_ROLES_OF_USER} assigned roles` : undefined,
      );
    // A copy, because what the database answers is put into what was inserted, as the driver has it.
    await manager.insert(RoleAssignment, Object.assign(new RoleAssignment(), row));
  }
}

const teamOf = ({ scope, scopeId }: RoleAssignment): string | null => (scope === 'team' ? scopeId : null);

const actOn = (row: RoleAssignment, { name }: Role): Omit<Act, 'action'> => ({
  resourceType: 'user_role',
  resourceId: row.id,
  resourceName: name,
  teamId: teamOf(row),
});

const valuesOf = (row: RoleAssignment, { name }: Role, email: string) => ({
  user_email: email,
  role: name,
  scope: row.scope,
  scope_id: teamOf(row),
  expires_at: row.expiresAt?.toISOString() ?? null,
});
