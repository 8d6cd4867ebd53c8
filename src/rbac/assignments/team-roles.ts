import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource, type EntityManager } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { PageQueryDto } from '../../teams/dto/page-query.dto.js';
import { TeamAccess } from '../../teams/team-access.js';
import { TeamMember } from '../../teams/team-member.entity.js';
import { TeamUsers } from '../../teams/team-users.js';
import { RoleAssignment } from '../roles/role-assignment.entity.js';
import { AssignmentReader } from './assignment-reader.js';
import { endOf } from './assignment-wish.js';
import { AssignmentService } from './assignment.service.js';
import type { AssignTeamRoleDto, UserRoleDto } from './dto/assignment.dto.js';

/** The roles that people were given in one team, as its owners see and change them. */
@Injectable()
export class TeamRoles {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: TeamAccess,
    private readonly users: TeamUsers,
    private readonly assignments: AssignmentService,
    private readonly reader: AssignmentReader,
  ) {}

  async list(caller: Principal, id: string, { limit, skip }: PageQueryDto): Promise<UserRoleDto[]> {
    const { id: teamId } = await this.access.demand(this.dataSource.manager, caller, id, 'owner');
    return this.reader.inTeam(teamId, limit, skip);
  }

  /** @throws GatewayError 404 for the team or who is no member of it, 400, 403 for what the caller does not hold */
  async assign(caller: Principal, id: string, wish: AssignTeamRoleDto): Promise<UserRoleDto> {
    const demand = (manager: EntityManager) => this.access.demand(manager, caller, id, 'owner');
    const { id: teamId } = await demand(this.dataSource.manager);
    const expiresAt = endOf(wish.expires_at);
    const userId = await this.#memberOf(teamId, wish.user_email);
    const role = wish.role_id === undefined ? { name: wish.role ?? '' } : { id: wish.role_id };
    const scope = 'team' as const;
    const row = await this.assignments.assign(caller, { userId, role, scope, scopeId: teamId, expiresAt }, demand);
    const [shown] = await this.reader.shownInTeam(teamId, [row]);
    if (!shown) throw new GatewayError('internal_error');
    return shown;
  }

  /** @throws GatewayError 404, also for an assignment of another team; 403 for what the caller does not hold */
  async revoke(caller: Principal, id: string, assignmentId: string): Promise<void> {
    const demand = (manager: EntityManager) => this.access.demand(manager, caller, id, 'owner');
    const { id: scopeId } = await demand(this.dataSource.manager);
    const place = { id: normaliseId(assignmentId), scope: 'team', scopeId } as const;
    await this.assignments.revoke(caller, (manager) => manager.findOneBy(RoleAssignment, place), demand);
  }

  /** One without an account is not told from one who is no member. */
  async #memberOf(teamId: string, email: string): Promise<string> {
    const user = await this.users.byEmail(email);
    const members = this.dataSource.getRepository(TeamMember);
    if (user && (await members.existsBy({ teamId, userId: user.id, isActive: true }))) return user.id;
    throw new GatewayError('not_found', 'Team member not found');
  }
}
