import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource, type EntityManager } from 'typeorm';
import { ChangeBus } from '../changes/change-bus.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { isUniqueViolation } from '../database/unique-violation.js';
import { normaliseId } from '../http/normalise-id.js';
import { Roster } from './roster.js';
import { TeamUserLock } from './team-user-lock.entity.js';
import { Team } from './team.entity.js';

export interface Locks {
  /** The user whose memberships may become more. */
  readonly userId?: string;
  readonly teamId?: string;
  /** More of them. */
  readonly teamIds?: readonly string[];
  /** What has to be locked before all that. */
  readonly first?: (manager: EntityManager) => Promise<void>;
}

/**
 * Changes of teams: each is one transaction that waits for the others of the same user and the same team, so what it
 * counts and checks still holds when it writes. Every cache has dropped the users concerned when it resolves.
 */
@Injectable()
export class TeamChanges {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unit: UnitOfWork,
    private readonly bus: ChangeBus,
  ) {}

  /** @param work may run more than once, and does database work only, through the roster's manager */
  async run<T>(
    { userId: by }: Pick<Principal, 'userId'>,
    locks: Locks,
    work: (roster: Roster) => Promise<T>,
  ): Promise<T> {
    const { userId, first } = locks;
    const teamIds = [locks.teamId ?? [], locks.teamIds ?? []].flat().map(normaliseId);
    if (userId !== undefined) await this.#ensureLock(userId);
    const { result, touched } = await this.unit.run(async (manager) => {
      await first?.(manager);
      // Locked by a write, which every engine understands; always the user first and then teams in one order, or two
      // could wait for each other.
      if (userId !== undefined) await manager.increment(TeamUserLock, { userId }, 'revision', 1);
      for (const id of teamIds.sort()) await manager.increment(Team, { id }, 'revision', 1);
      const roster = new Roster(manager, by);
      return { result: await work(roster), touched: roster.touched };
    });
    for (const changed of touched) this.bus.publish({ kind: 'user_changed', userId: changed });
    return result;
  }

  async #ensureLock(userId: string): Promise<void> {
    const locks = this.dataSource.getRepository(TeamUserLock);
    if (await locks.existsBy({ userId })) return;
    try {
      await locks.insert({ userId });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
}
