import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { TeamMember, type TeamRole } from './team-member.entity.js';

/**
 * Who belongs to which teams now; teams that are switched off count for nothing. Principals remember the answer: whoever
 * writes here publishes `user_changed` for the member after the commit, and for every member when a team itself is
 * switched on or off or deleted.
 */
@Injectable()
export class TeamMemberships {
  constructor(@InjectRepository(TeamMember) private readonly members: Repository<TeamMember>) {}

  /** Team ids and the user's role in each. */
  async of(userId: string): Promise<ReadonlyMap<string, TeamRole>> {
    const rows = await this.members.find({
      select: { teamId: true, role: true },
      where: { userId, isActive: true, team: { isActive: true } },
    });
    return new Map(rows.map(({ teamId, role }) => [teamId, role]));
  }
}
