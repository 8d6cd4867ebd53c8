import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type FindOptionsWhere, In, IsNull, LessThan, MoreThan, Not, Repository } from 'typeorm';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { User } from '../accounts/user.entity.js';
import { TokenRevocation } from '../jwt/token-revocation.entity.js';
import { UserSession } from './user-session.entity.js';

/** Listed at most; who has more ends them all at once. */
const MOST_LISTED = 200;
const IDS_PER_STATEMENT = 200;

/** A session token that is exchanged for a new one. */
export interface SpentToken {
  readonly sessionId: string;
  readonly jti: string;
  /** E-mail of its holder. */
  readonly subject: string;
  readonly expiresAt: Date;
}

@Injectable()
export class SessionRepository {
  constructor(
    @InjectRepository(UserSession) private readonly rows: Repository<UserSession>,
    private readonly units: UnitOfWork,
  ) {}

  /**
   * Stores a sign-in whose password was checked before. The first statement changes nothing but locks the account:
   * whoever gives it another password ends this session afterwards, or came first and is seen here.
   * @returns false, and stores nothing, when the account was changed or disabled meanwhile
   */
  async insert(row: UserSession, { passwordHash }: Pick<User, 'passwordHash'>): Promise<boolean> {
    return this.units.run(async (manager) => {
      const unchanged = { id: row.userId, passwordHash, isActive: true };
      const { affected } = await manager.update(User, unchanged, { passwordHash });
      if (affected === 1) await manager.insert(UserSession, row);
      return affected === 1;
    });
  }

  byId(id: string): Promise<UserSession | null> {
    return this.rows.findOneBy({ id });
  }

  /** Whether there is such a session and nobody ended it. */
  runs(id: string): Promise<boolean> {
    return this.rows.existsBy({ id, endedAt: IsNull() });
  }

  /** Those that have not ended, newest first. */
  running(userId: string, now: Date, usedSince: Date): Promise<UserSession[]> {
    return this.rows.find({
      where: { userId, endedAt: IsNull(), expiresAt: MoreThan(now), lastUsedAt: MoreThan(usedSince) },
      order: { startedAt: 'DESC', id: 'ASC' },
      take: MOST_LISTED,
    });
  }

  /**
   * Makes `jti` the only token of the session that may be refreshed, and revokes the one that was.
   * @returns false when that is no longer the current one, was revoked, or the session has ended
   */
  async rotate(spent: SpentToken, jti: string, now: Date): Promise<boolean> {
    try {
      return await this.units.run(async (manager) => {
        const current = { id: spent.sessionId, currentJti: spent.jti, endedAt: IsNull(), expiresAt: MoreThan(now) };
        const { affected } = await manager.update(UserSession, current, { currentJti: jti, lastUsedAt: now });
        if (affected !== 1) return false;
        await manager.insert(TokenRevocation, {
          jti: spent.jti,
          revokedAt: now,
          revokedBy: spent.subject,
          reason: 'token_refresh',
          tokenExpiry: spent.expiresAt,
        });
        return true;
      });
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  /** Whether it was this call that ended it. */
  async end(which: { id: string; userId?: string }, endReason: string): Promise<boolean> {
    const { affected } = await this.rows.update({ ...which, endedAt: IsNull() }, { endedAt: new Date(), endReason });
    return affected === 1;
  }

  /**
   * Ends every session of a user, or all but one.
   * @returns the ids of those that this call ended
   */
  endAll(userId: string, endReason: string, but?: string): Promise<string[]> {
    return this.#end({ userId, ...(but !== undefined && { id: Not(but) }) }, endReason);
  }

  /** Returns the ids of those among them that this call ended. */
  async endThese(ids: readonly string[], endReason: string): Promise<string[]> {
    const ended: string[] = [];
    for (let at = 0; at < ids.length; at += IDS_PER_STATEMENT)
      ended.push(...(await this.#end({ id: In(ids.slice(at, at + IDS_PER_STATEMENT)) }, endReason)));
    return ended;
  }

  #end(which: FindOptionsWhere<UserSession>, endReason: string): Promise<string[]> {
    const endedAt = new Date();
    return this.units.run(async (manager) => {
      // First the one statement that misses nothing, then what it hit.
      const { affected } = await manager.update(UserSession, { ...which, endedAt: IsNull() }, { endedAt, endReason });
      if (affected === 0) return [];
      const ended = await manager.find(UserSession, { where: { ...which, endedAt, endReason }, select: { id: true } });
      return ended.map(({ id }) => id);
    });
  }

  /** Notes when sessions were used; an earlier time than the known one changes nothing. */
  async used(ids: readonly string[], at: Date): Promise<void> {
    await this.rows.update({ id: In([...ids]), lastUsedAt: LessThan(at), endedAt: IsNull() }, { lastUsedAt: at });
  }

  /** Deletes those that were over by then. */
  async purge(before: Date): Promise<void> {
    await this.rows.delete({ expiresAt: LessThan(before) });
  }
}
