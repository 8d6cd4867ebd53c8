import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { type EntityManager, MoreThan } from 'typeorm';
import { GatewayError } from '../http/errors.js';
import { openInvitations } from './open-invitations.js';
import { TeamAccess } from './team-access.js';
import { TeamInvitation } from './team-invitation.entity.js';
import { TeamJoinRequest } from './team-join-request.entity.js';
import { TeamMember } from './team-member.entity.js';
import { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

/** How many may be in a team, and in how many teams one may be. Exact only under the locks of `TeamChanges`. */
@Injectable()
export class TeamQuotas {
  constructor(
    private readonly settings: TeamsSettings,
    private readonly access: TeamAccess,
  ) {}

  /** Members and open invitations that a team may have together. */
  seatsOf({ maxMembers }: Pick<Team, 'maxMembers'>): number {
    return maxMembers ?? this.settings.maxMembersPerTeam;
  }

  /** Before somebody is added or invited. */
  async demandSeat(manager: EntityManager, team: Team, now: Date): Promise<void> {
    const invited = await manager.countBy(TeamInvitation, { ...openInvitations(now), teamId: team.id });
    await this.#demandBelow(manager, team, this.seatsOf(team) - invited);
  }

  /** Before an invitation is accepted, which gives its own seat back. */
  async demandSeatOfInvited(manager: EntityManager, team: Team): Promise<void> {
    await this.#demandBelow(manager, team, this.seatsOf(team));
  }

  /** Before a user gets another team. */
  async demandTeam(manager: EntityManager, userId: string): Promise<void> {
    const limit = this.settings.maxTeamsPerUser;
    const team = { isActive: true, isPersonal: false };
    if ((await manager.countBy(TeamMember, { userId, isActive: true, team })) >= limit)
      throw new GatewayError('bad_request', `User has reached the maximum of ${limit} teams (MAX_TEAMS_PER_USER)`);
  }

  /** Before a user asks another team: he may wait for as many as he could be in. */
  async demandJoinRequest(manager: EntityManager, userId: string, now: Date): Promise<void> {
    const limit = this.settings.maxTeamsPerUser;
    if ((await manager.countBy(TeamJoinRequest, { userId, status: 'pending', expiresAt: MoreThan(now) })) >= limit)
      throw new GatewayError('bad_request', `At most ${limit} join requests may be pending (MAX_TEAMS_PER_USER)`);
  }

  /** @throws GatewayError 400 when an owner wants more seats than the settings give */
  demandSeats(caller: Principal, wished: number | null | undefined): void {
    const limit = this.settings.maxMembersPerTeam;
    if (typeof wished === 'number' && wished > limit && !this.access.administers(caller))
      throw new GatewayError('bad_request', `max_members: must be at most ${limit} (MAX_MEMBERS_PER_TEAM)`);
  }

  async #demandBelow(manager: EntityManager, { id: teamId }: Team, limit: number): Promise<void> {
    if ((await manager.countBy(TeamMember, { teamId, isActive: true })) >= limit)
      throw new GatewayError('bad_request', 'Team has reached its maximum of members and open invitations');
  }
}
