import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { encodeCursor } from '../http/page-cursor.js';
import type { PageWish } from './page-wish.js';
import { TeamAccess } from './team-access.js';
import { TeamMember } from './team-member.entity.js';
import { Team } from './team.entity.js';
import { TeamsSettings } from './teams.settings.js';

export interface TeamsPage {
  readonly teams: readonly Team[];
  readonly total: number;
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined;
}

/** Teams as a caller may see them. */
@Injectable()
export class TeamReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly access: TeamAccess,
    private readonly settings: TeamsSettings,
  ) {}

  get(caller: Principal, id: string): Promise<Team> {
    return this.access.demand(this.dataSource.manager, caller, id, 'member');
  }

  /** The teams that the caller is in, newest first; all teams for a platform administrator. */
  async list(caller: Principal, { limit, skip, after }: PageWish): Promise<TeamsPage> {
    const query = this.#active();
    if (!this.access.administers(caller)) this.#joined(query, caller, 'IN');
    const total = await query.getCount();
    if (after) {
      const afterwards = 'team.createdAt < :time OR (team.createdAt = :time AND team.id < :last)';
      query.andWhere(`(${afterwards})`, { time: after.createdAt, last: after.id });
    }
    const rows = await query
      .offset(skip)
      .limit(limit + 1)
      .getMany();
    const teams = rows.slice(0, limit);
    const last = rows.length > limit ? teams.at(-1) : undefined;
    return { teams, total, nextCursor: last && encodeCursor({ createdAt: last.createdAt.getTime(), id: last.id }) };
  }

  /** The public teams that the caller is not in, newest first. */
  async discover(caller: Principal, { limit, skip }: PageWish): Promise<readonly Team[]> {
    if (!this.settings.allowPublic) return [];
    const query = this.#active()
      .andWhere("team.visibility = 'public'")
      .andWhere('team.isPersonal = :no', { no: false });
    this.#joined(query, caller, 'NOT IN');
    return query.offset(skip).limit(limit).getMany();
  }

  #active(): SelectQueryBuilder<Team> {
    return this.dataSource
      .getRepository(Team)
      .createQueryBuilder('team')
      .where('team.isActive = :yes', { yes: true })
      .orderBy('team.createdAt', 'DESC')
      .addOrderBy('team.id', 'DESC');
  }

  /** Of a narrowed credential, the teams that it names and its user is in. */
  #joined(query: SelectQueryBuilder<Team>, { userId, teams }: Principal, operator: 'IN' | 'NOT IN'): void {
    const narrowed = teams.kind === 'teams' && teams.narrowed ? [...teams.ids] : undefined;
    if (userId === null || teams.kind === 'public' || narrowed?.length === 0) {
      if (operator === 'IN') query.andWhere('1 = 0');
      return;
    }
    const member = query
      .subQuery()
      .select('member.teamId')
      .from(TeamMember, 'member')
      .where('member.userId = :userId AND member.isActive = :yes');
    if (narrowed) member.andWhere('member.teamId IN (:...narrowed)', { narrowed });
    query.andWhere(`team.id ${operator} ${member.getQuery()}`, { userId, ...member.getParameters() });
  }
}
