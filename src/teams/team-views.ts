import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { DiscoveredTeamDto, TeamDto, TeamMemberDto, TeamMemberHistoryDto } from './dto/team.dto.js';
import type { TeamInvitationDto } from './dto/invitation.dto.js';
import type { TeamJoinRequestDto } from './dto/join-request.dto.js';
import { openInvitations } from './open-invitations.js';
import { TeamInvitation } from './team-invitation.entity.js';
import type { TeamJoinRequest } from './team-join-request.entity.js';
import type { TeamMemberHistory } from './team-member-history.entity.js';
import { TeamMember } from './team-member.entity.js';
import { TeamQuotas } from './team-quotas.js';
import { TeamUsers } from './team-users.js';
import type { Team, TeamVisibility } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

type Counts = ReadonlyMap<string, number>;

/** What is shown of teams: with e-mails instead of ids of users, looked up once a list. */
@Injectable()
export class TeamViews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: TeamUsers,
    private readonly quotas: TeamQuotas,
    private readonly settings: TeamsSettings,
  ) {}

  async teams(rows: readonly Team[]): Promise<TeamDto[]> {
    const [emails, members] = await Promise.all([
      this.#emails(rows.map(({ createdBy }) => createdBy)),
      this.#members(rows),
    ]);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      slug: row.slug,
      description: row.description,
      created_by: emails.get(row.createdBy) ?? null,
      is_personal: row.isPersonal,
      visibility: row.visibility as TeamVisibility,
      max_members: row.maxMembers,
      member_count: members.get(row.id) ?? 0,
      created_at: row.createdAt.toISOString(),
      updated_at: row.updatedAt.toISOString(),
      is_active: row.isActive,
    }));
  }

  async discovered(rows: readonly Team[]): Promise<DiscoveredTeamDto[]> {
    const [members, invited] = await Promise.all([this.#members(rows), this.#invited(rows)]);
    return rows.map((row) => {
      const count = members.get(row.id) ?? 0;
      const room = count + (invited.get(row.id) ?? 0) < this.quotas.seatsOf(row);
      return {
        id: row.id,
        name: row.name,
        description: row.description,
        member_count: count,
        created_at: row.createdAt.toISOString(),
        is_joinable: room && this.settings.allowJoinRequests,
      };
    });
  }

  async members(rows: readonly TeamMember[]): Promise<TeamMemberDto[]> {
    const emails = await this.#emails(rows.flatMap(({ userId, invitedBy }) => [userId, invitedBy]));
    return rows.map((row) => ({
      id: row.id,
      team_id: row.teamId,
      user_email: emails.get(row.userId) ?? '',
      role: row.role,
      joined_at: row.joinedAt.toISOString(),
      invited_by: emails.get(row.invitedBy) ?? null,
      is_active: row.isActive,
    }));
  }

  async history(rows: readonly TeamMemberHistory[]): Promise<TeamMemberHistoryDto[]> {
    const emails = await this.#emails(rows.flatMap(({ userId, changedBy }) => [userId, changedBy]));
    return rows.map((row) => ({
      id: row.id,
      team_id: row.teamId,
      user_email: emails.get(row.userId) ?? '',
      action: row.action,
      role: row.role,
      changed_by: emails.get(row.changedBy) ?? null,
      changed_at: row.changedAt.toISOString(),
    }));
  }

  async invitations(team: Team, rows: readonly TeamInvitation[]): Promise<TeamInvitationDto[]> {
    const emails = await this.#emails(rows.map(({ invitedBy }) => invitedBy));
    return rows.map((row) => ({
      id: row.id,
      team_id: row.teamId,
      team_name: team.name,
      email: row.email,
      role: row.role,
      invited_by: emails.get(row.invitedBy) ?? null,
      invited_at: row.invitedAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
      is_active: row.acceptedAt === null && row.cancelledAt === null,
      is_expired: row.expiresAt.getTime() <= Date.now(),
    }));
  }

  async joinRequests(team: Team, rows: readonly TeamJoinRequest[]): Promise<TeamJoinRequestDto[]> {
    const emails = await this.#emails(rows.map(({ userId }) => userId));
    return rows.map((row) => ({
      id: row.id,
      team_id: row.teamId,
      team_name: team.name,
      user_email: emails.get(row.userId) ?? '',
      message: row.message,
      status: row.status,
      requested_at: row.requestedAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
    }));
  }

  async #emails(ids: readonly (string | null)[]): Promise<ReadonlyMap<string | null, string>> {
    const wanted = [...new Set(ids)].filter((id) => id !== null);
    const users = wanted.length === 0 ? [] : await this.users.byIds(wanted);
    return new Map(users.map(({ id, email }) => [id, email]));
  }

  #members(rows: readonly Team[]): Promise<Counts> {
    return this.#count(TeamMember, { teamId: In(rows.map(({ id }) => id)), isActive: true });
  }

  #invited(rows: readonly Team[]): Promise<Counts> {
    return this.#count(TeamInvitation, { ...openInvitations(new Date()), teamId: In(rows.map(({ id }) => id)) });
  }

  async #count(entity: typeof TeamMember | typeof TeamInvitation, where: object): Promise<Counts> {
    const rows = await this.dataSource
      .getRepository<TeamMember | TeamInvitation>(entity)
      .createQueryBuilder('row')
      .select('row.teamId', 'team')
      .addSelect('COUNT(*)', 'number')
      .where(where)
      .groupBy('row.teamId')
      .getRawMany<{ team: string; number: string | number }>();
    return new Map(rows.map(({ team, number }) => [team, Number(number)]));
  }
}
