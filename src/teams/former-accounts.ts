import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { endTeam } from './end-team.js';
import { TeamChanges } from './team-changes.js';
import { TeamJoinRequest } from './team-join-request.entity.js';
import { TeamMember } from './team-member.entity.js';
import { TeamUserLock } from './team-user-lock.entity.js';
import { Team } from './team.entity.js';

/** What teams do when an account is deleted. */
@Injectable()
export class FormerAccounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: TeamChanges,
  ) {}

  /**
   * Takes a deleted account out of its teams and ends its personal one; doing it twice is no fault. A team that loses
   * its last owner so waits for a platform administrator to name another.
   * @param by who deletes it
   */
  async forget(userId: string, by: { readonly userId: string | null }): Promise<void> {
    const { manager } = this.dataSource;
    for (const { teamId } of await manager.findBy(TeamMember, { userId })) {
      await this.changes.run(by, { teamId }, async (roster) => {
        if (await roster.manager.existsBy(Team, { id: teamId, personalOf: userId })) return endTeam(roster, teamId);
        const member = await roster.member(teamId, userId);
        if (member) await roster.drop(member);
      });
    }
    const closed = { status: 'cancelled', pendingFor: null, decidedAt: new Date() } as const;
    await manager.update(TeamJoinRequest, { userId, status: 'pending' }, closed);
    await manager.delete(TeamUserLock, { userId });
  }
}
