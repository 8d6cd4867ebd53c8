import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, In, Repository, type SelectQueryBuilder } from 'typeorm';
import { ApiTokenDirectory, type ApiTokenFacts } from '../auth/principals/api-token-directory.js';
import { TokenRevocation } from '../auth/jwt/token-revocation.entity.js';
import { normaliseId } from '../http/normalise-id.js';
import { ApiToken } from './api-token.entity.js';
import { tokenFacts } from './token-facts.js';
import type { TokenRecord } from './token-record.js';

export interface TokenFilter {
  /** Tokens of this user, or of one of these teams. */
  readonly reachable?: { readonly userId: string; readonly teamIds: readonly string[] };
  readonly userId?: string;
  readonly userEmail?: string;
  readonly teamId?: string;
  readonly includeInactive: boolean;
  readonly limit: number;
  readonly offset: number;
}

export type TokenChanges = Partial<Omit<ApiToken, 'id' | 'user' | 'revocation'>>;

@Injectable()
export class ApiTokenRepository extends ApiTokenDirectory {
  constructor(@InjectRepository(ApiToken) private readonly rows: Repository<ApiToken>) {
    super();
  }

  async find(jti: string): Promise<ApiTokenFacts | undefined> {
    const row = await this.rows.findOneBy({ jti });
    return row ? tokenFacts(row) : undefined;
  }

  async jtiOf(id: string): Promise<string | undefined> {
    return (await this.rows.findOneBy({ id: normaliseId(id) }))?.jti;
  }

  activeOf(userId: string): Promise<ApiToken[]> {
    return this.rows.findBy({ userId, isActive: true });
  }

  async insert(row: ApiToken): Promise<void> {
    // A copy, because what the database answers is put into what was inserted, as the driver has it.
    await this.rows.insert(Object.assign(new ApiToken(), row));
  }

  async update(id: string, changes: TokenChanges): Promise<void> {
    if (Object.keys(changes).length > 0) await this.rows.update({ id }, changes);
  }

  async deactivate(id: string): Promise<void> {
    await this.rows.update({ id }, { isActive: false });
  }

  async record(id: string): Promise<TokenRecord | undefined> {
    const row = await this.#records().where('token.id = :id', { id }).getOne();
    return row ? recordOf(row) : undefined;
  }

  /** Newest first, and how many there are in all. */
  async page({ limit, offset, ...filter }: TokenFilter): Promise<[TokenRecord[], number]> {
    const query = this.#records().orderBy('token.createdAt', 'DESC').addOrderBy('token.id', 'ASC');
    narrow(query, filter);
    const [rows, total] = await query.limit(limit).offset(offset).getManyAndCount();
    return [rows.map(recordOf), total];
  }

  /**
   * Uses a token up by so many requests, in one statement: however many ask at once, on however many replicas, no more
   * get through than it was made for.
   */
  async use(id: string, cost: number): Promise<boolean> {
    const { affected } = await this.rows
      .createQueryBuilder()
      .update()
      .set({ uses: () => 'uses + :cost' })
      .where('id = :id AND (max_uses IS NULL OR uses + :cost <= max_uses)', { id, cost })
      .execute();
    return affected === 1;
  }

  async used(jtis: readonly string[], at: Date): Promise<void> {
    await this.rows.update({ jti: In([...jtis]) }, { lastUsed: at });
  }

  #records(): SelectQueryBuilder<ApiToken> {
    return this.rows
      .createQueryBuilder('token')
      .innerJoin('token.user', 'user')
      .addSelect(['user.id', 'user.email'])
      .leftJoinAndMapOne('token.revocation', TokenRevocation, 'revocation', 'revocation.jti = token.jti');
  }
}

function narrow(query: SelectQueryBuilder<ApiToken>, filter: Omit<TokenFilter, 'limit' | 'offset'>): void {
  const { reachable, userId, userEmail, teamId, includeInactive } = filter;
  if (reachable) {
    const { userId: mine, teamIds } = reachable;
    const own = new Brackets((where) => {
      where.where('token.userId = :mine', { mine });
      if (teamIds.length > 0) where.orWhere('token.teamId IN (:...teamIds)', { teamIds });
    });
    query.andWhere(own);
  }
  if (userId !== undefined) query.andWhere('token.userId = :userId', { userId });
  if (userEmail !== undefined) query.andWhere('user.email = :userEmail', { userEmail });
  if (teamId !== undefined) query.andWhere('token.teamId = :teamId', { teamId });
  if (!includeInactive) query.andWhere('token.isActive = :active', { active: true });
}

function recordOf({ user, revocation, ...token }: ApiToken): TokenRecord {
  return { token, owner: user?.email ?? '', revocation: revocation ?? null };
}
