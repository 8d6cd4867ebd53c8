import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { HeldRole, Principal } from '#libs/policy';
import { In, Repository } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { TeamMember } from '../../teams/team-member.entity.js';
import { type TeamUser, TeamUsers } from '../../teams/team-users.js';
import { Principals } from '../explain/principals.js';
import { assignmentCounts } from '../roles/assignment-counts.js';
import { RoleAssignment } from '../roles/role-assignment.entity.js';
import { Role } from '../roles/role.entity.js';
import type { ListAssignmentsDto, UserRoleDto } from './dto/assignment.dto.js';

/** Shows which roles somebody holds, those included that no row stands for. */
@Injectable()
export class AssignmentReader {
  constructor(
    @InjectRepository(RoleAssignment) private readonly rows: Repository<RoleAssignment>,
    @InjectRepository(Role) private readonly roles: Repository<Role>,
    private readonly users: TeamUsers,
    private readonly principals: Principals,
  ) {}

  /** @throws GatewayError 404 for an unknown account */
  async user(email: string): Promise<TeamUser> {
    const user = await this.users.byEmail(email);
    if (!user) throw new GatewayError('not_found', 'User not found');
    return user;
  }

  /** @throws GatewayError 404 for an unknown account */
  async ofUser(email: string, query: ListAssignmentsDto): Promise<UserRoleDto[]> {
    const user = await this.user(email);
    // One who can't sign in holds nothing.
    const principal = user.isActive ? await this.principals.signedIn(user.email) : undefined;
    return this.#list(user, principal?.roles ?? [], query);
  }

  /** What the caller's credential reaches. */
  ofCaller({ subject, userId, roles }: Principal, query: ListAssignmentsDto): Promise<UserRoleDto[]> {
    return this.#list({ id: userId ?? '', email: subject }, roles, query);
  }

  /** Of everybody, in one team; those that have ended or are from before the user last joined are shown as such. */
  async inTeam(teamId: string, limit: number, skip: number): Promise<UserRoleDto[]> {
    const where = { scope: 'team', scopeId: teamId } as const;
    return this.shownInTeam(teamId, await this.rows.find({ where, order: { id: 'ASC' }, take: limit, skip }));
  }

  /** @param rows of this team */
  async shownInTeam(teamId: string, rows: readonly RoleAssignment[]): Promise<UserRoleDto[]> {
    const ids = [...new Set(rows.map(({ userId }) => userId))];
    const [users, members, roles] = await Promise.all([
      this.users.byIds(ids),
      this.rows.manager.findBy(TeamMember, { teamId, isActive: true, userId: In(ids) }),
      this.#names(),
    ]);
    return rows.flatMap((row) => {
      const user = users.find(({ id }) => id === row.userId);
      const joinedAt = members.find(({ userId }) => userId === row.userId)?.joinedAt;
      const { name = '', isActive = false } = roles.get(row.roleId) ?? {};
      const counts = isActive && user?.isActive === true && assignmentCounts(row, joinedAt, Date.now());
      return user ? [shownRow(row, name, user.email, counts)] : [];
    });
  }

  async #list(
    { id, email }: Pick<TeamUser, 'id' | 'email'>,
    held: readonly HeldRole[],
    { scope, active_only: activeOnly, limit, offset }: ListAssignmentsDto,
  ): Promise<UserRoleDto[]> {
    const rows = await this.rows.find({ where: { userId: id }, order: { grantedAt: 'ASC', id: 'ASC' } });
    const given = await this.#shown(rows, held, email);
    return [...(await this.#derived(held, email)), ...given]
      .filter((role) => (scope === undefined || role.scope === scope) && (role.is_active || !activeOnly))
      .slice(offset, offset + limit);
  }

  async #shown(rows: readonly RoleAssignment[], held: readonly HeldRole[], email: string): Promise<UserRoleDto[]> {
    const names = await this.#names();
    return rows.map((row) => {
      const teamId = row.scope === 'team' ? row.scopeId : null;
      const { name = '' } = names.get(row.roleId) ?? {};
      const counts = held.some(
        (role) =>
          role.name === name && role.scope === row.scope && role.teamId === teamId && role.source === row.source,
      );
      return shownRow(row, name, email, counts);
    });
  }

  /** Those that the settings and memberships give. */
  async #derived(held: readonly HeldRole[], email: string): Promise<UserRoleDto[]> {
    const ids = new Map([...(await this.#names())].map(([id, { name }]) => [name, id]));
    return held
      .filter(({ source }) => source === 'default' || source === 'membership')
      .map(({ name, scope, teamId, source }) => ({
        id: teamId === null ? source : `${source}:${teamId}`,
        user_email: email,
        role_id: ids.get(name) ?? '',
        role_name: name,
        scope,
        scope_id: teamId,
        granted_by: null,
        granted_at: null,
        expires_at: null,
        is_active: true,
        grant_source: source,
      }));
  }

  async #names(): Promise<ReadonlyMap<string, Pick<Role, 'name' | 'isActive'>>> {
    const roles = await this.roles.find({ select: { id: true, name: true, isActive: true } });
    return new Map(roles.map(({ id, name, isActive }) => [id, { name, isActive }]));
  }
}

function shownRow(row: RoleAssignment, name: string, email: string, counts: boolean): UserRoleDto {
  return {
    id: row.id,
    user_email: email,
    role_id: row.roleId,
    role_name: name,
    scope: row.scope,
    scope_id: row.scope === 'team' ? row.scopeId : null,
    granted_by: row.grantedBy,
    granted_at: row.grantedAt.toISOString(),
    expires_at: row.expiresAt?.toISOString() ?? null,
    is_active: counts,
    grant_source: row.source,
  };
}
