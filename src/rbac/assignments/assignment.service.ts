import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { TeamMember } from '../../teams/team-member.entity.js';
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
  ) {}

  /** @throws GatewayError 400 that names the field and the rule, 403 for what the caller does not hold */
  async assign(caller: Principal, wish: AssignmentWish, demand = NOTHING_ELSE): Promise<RoleAssignment> {
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
      const assignment = { id: newId(), userId, roleId: role.id, scope, scopeId, grantedBy: caller.subject, grantedAt };
      return this.#insert(manager, { ...assignment, expiresAt, source: 'manual' }, joinedAt);
    });
    this.bus.publish({ kind: 'user_changed', userId: row.userId });
    return row;
  }

  /** @throws GatewayError 404, 403 for what the caller does not hold */
  async revoke(caller: Principal, find: Find, demand = NOTHING_ELSE): Promise<void> {
    const { userId } = await this.unit.run(async (manager) => {
      await lockRoles(manager);
      await demand(manager);
      const row = await find(manager);
      const roles = await manager.find(Role);
      const role = row && roles.find(({ id }) => id === row.roleId);
      if (!role) throw new GatewayError('not_found', 'Role assignment not found');
      demandGrantable(caller, role, row, new RoleBook(roles));
      await manager.delete(RoleAssignment, { id: row.id });
      return row;
    });
    this.bus.publish({ kind: 'user_changed', userId });
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
  async #insert(manager: EntityManager, row: RoleAssignment, joinedAt: Date | undefined): Promise<RoleAssignment> {
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
    return row;
  }
}
