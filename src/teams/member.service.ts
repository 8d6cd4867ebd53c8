import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { Brackets, DataSource } from 'typeorm';
import { GatewayError } from '../http/errors.js';
import { encodeCursor } from '../http/page-cursor.js';
import type { PageWish } from './page-wish.js';
import type { Roster } from './roster.js';
import { TeamAccess } from './team-access.js';
import { TeamChanges } from './team-changes.js';
import { TeamMember, type TeamRole } from './team-member.entity.js';
import { TeamQuotas } from './team-quotas.js';
import { type TeamUser, TeamUsers } from './team-users.js';
import type { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

const LAST_OWNER = 'Cannot remove the last owner from a team';

/** Who is in a team, and as what. */
@Injectable()
export class MemberService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: TeamChanges,
    private readonly access: TeamAccess,
    private readonly quotas: TeamQuotas,
    private readonly users: TeamUsers,
    private readonly settings: TeamsSettings,
  ) {}

  /** In the order in which they came. */
  async list(
    caller: Principal,
    id: string,
    { limit, skip, after }: PageWish,
  ): Promise<{ members: readonly TeamMember[]; nextCursor: string | undefined }> {
    const { id: teamId } = await this.access.demand(this.dataSource.manager, caller, id, 'member');
    const query = this.dataSource
      .getRepository(TeamMember)
      .createQueryBuilder('member')
      .where('member.teamId = :teamId AND member.isActive = :yes', { teamId, yes: true })
      .orderBy('member.joinedAt')
      .addOrderBy('member.id');
    if (after) {
      const { createdAt: time, id: last } = after;
      query.andWhere(
        new Brackets((where) =>
          where
            .where('member.joinedAt > :time', { time })
            .orWhere('(member.joinedAt = :time AND member.id > :last)', { last }),
        ),
      );
    }
    const rows = await query
      .offset(skip)
      .limit(limit + 1)
      .getMany();
    const members = rows.slice(0, limit);
    const last = rows.length > limit ? members.at(-1) : undefined;
    return { members, nextCursor: last && encodeCursor({ createdAt: last.joinedAt.getTime(), id: last.id }) };
  }

  /** Puts somebody with an account into a team. */
  async add(caller: Principal, id: string, email: string, role: TeamRole): Promise<TeamMember> {
    // Before anything is said about accounts.
    await this.access.demand(this.dataSource.manager, caller, id, 'owner');
    const user = await this.users.byEmail(email);
    if (!user?.isActive) throw new GatewayError('not_found', 'User not found');
    return this.changes.run(caller, { userId: user.id, teamId: id }, async (roster) => {
      const team = await this.access.demand(roster.manager, caller, id, 'owner');
      if (team.isPersonal) throw new GatewayError('bad_request', 'Cannot add members to personal teams');
      return this.enter(roster, team, user, role, caller.userId);
    });
  }

  /** Adds a user inside a change that has the locks of both, within both quotas. */
  async enter(
    roster: Roster,
    team: Team,
    { id: userId, emailVerified }: Pick<TeamUser, 'id' | 'emailVerified'>,
    role: TeamRole,
    invitedBy: string | null,
  ): Promise<TeamMember> {
    // Whoever lets somebody in knows the address alone, and where people register themselves anybody can take one.
    if (this.settings.requireVerifiedEmail && !emailVerified)
      throw new GatewayError('bad_request', 'The email address of the user must be verified', 'unverified');
    await roster.demandStranger(team.id, userId);
    await this.quotas.demandTeam(roster.manager, userId);
    await this.quotas.demandSeat(roster.manager, team, roster.now);
    return roster.add(team.id, userId, role, invitedBy);
  }

  changeRole(caller: Principal, id: string, email: string, role: TeamRole): Promise<TeamMember> {
    return this.#withMember(caller, id, email, (roster, member) => roster.setRole(member, role));
  }

  remove(caller: Principal, id: string, email: string): Promise<void> {
    return this.#withMember(caller, id, email, (roster, member) => roster.remove(member, LAST_OWNER));
  }

  leave(caller: Principal, id: string): Promise<void> {
    const userId = this.access.accountOf(caller);
    return this.changes.run(caller, { teamId: id }, async (roster) => {
      const { team, role } = await this.access.standing(roster.manager, caller, id);
      if (team.isPersonal) throw new GatewayError('access_denied', 'Cannot leave personal team', 'personal_team');
      const member = role && (await roster.member(team.id, userId));
      if (!member) throw new GatewayError('bad_request', 'User is not a member of this team');
      await roster.remove(member, 'Cannot leave team - you may be the last owner');
    });
  }

  async #withMember<T>(
    caller: Principal,
    id: string,
    email: string,
    work: (roster: Roster, member: TeamMember) => Promise<T>,
  ): Promise<T> {
    await this.access.demand(this.dataSource.manager, caller, id, 'owner');
    const user = await this.users.byEmail(email);
    return this.changes.run(caller, { teamId: id }, async (roster) => {
      const team = await this.access.demand(roster.manager, caller, id, 'owner');
      const member = user && (await roster.member(team.id, user.id));
      if (!member) throw new GatewayError('not_found', 'Team member not found');
      return work(roster, member);
    });
  }
}
