import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource } from 'typeorm';
import type { PageWish } from './page-wish.js';
import { TeamAccess } from './team-access.js';
import { TeamMemberHistory } from './team-member-history.entity.js';

/** Who came, went and rose in a team. */
@Injectable()
export class TeamHistory {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: TeamAccess,
  ) {}

  /** Newest first; for owners. */
  async list(caller: Principal, id: string, { limit, skip }: PageWish): Promise<readonly TeamMemberHistory[]> {
    const { manager } = this.dataSource;
    const { id: teamId } = await this.access.demand(manager, caller, id, 'owner');
    return manager.find(TeamMemberHistory, {
      where: { teamId },
      order: { changedAt: 'DESC', id: 'DESC' },
      skip,
      take: limit,
    });
  }
}
