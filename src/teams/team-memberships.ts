import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { TeamDirectory } from './team-directory.js';
import { TeamMember, type TeamRole } from './team-member.entity.js';
import { Team } from './team.entity.js';

export interface Membership {
  readonly role: TeamRole;
  /** Of the team of one that an account has. */
  readonly personal: boolean;
  readonly joinedAt: Date;
}

/**
 * Who belongs to which teams now; teams that are switched off count for nothing. Principals remember the answer: whoever
 * writes here publishes `user_changed` for the member after the commit, and for every member when a team itself is
 * switched on or off or deleted.
 */
@Injectable()
export class TeamMemberships implements TeamDirectory {
  constructor(@InjectRepository(TeamMember) private readonly members: Repository<TeamMember>) {}

  async has(teamId: string): Promise<boolean> {
    return this.members.manager.existsBy(Team, { id: teamId, isActive: true });
  }

  /** By team id. */
  async of(userId: string): Promise<ReadonlyMap<string, Membership>> {
    const rows = await this.members.find({
      select: { id: true, teamId: true, role: true, joinedAt: true, team: { id: true, isPersonal: true } },
      where: { userId, isActive: true, team: { isActive: true } },
      relations: { team: true },
    });
    return new Map(
      rows.map(({ teamId, role, joinedAt, team }) => [teamId, { role, joinedAt, personal: team?.isPersonal === true }]),
    );
  }
}
