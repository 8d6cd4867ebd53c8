import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { compileRestrictions, type TokenRestrictions } from '#libs/policy';
import { Repository } from 'typeorm';
import { ApiTokenDirectory, type ApiTokenFacts } from '../auth/api-token-directory.js';
import { GatewayError } from '../http/errors.js';
import { ApiToken } from './api-token.entity.js';

@Injectable()
export class ApiTokenRepository extends ApiTokenDirectory {
  constructor(@InjectRepository(ApiToken) private readonly rows: Repository<ApiToken>) {
    super();
  }

  async find(jti: string): Promise<ApiTokenFacts | undefined> {
    const row = await this.rows.findOneBy({ jti });
    if (!row) return undefined;
    const { userId, tokenHash, teamId, isActive: active, expiresAt } = row;
    return { userId, tokenHash, teamId, active, expiresAt, restrictions: restrictionsOf(row) };
  }

  async insert(row: ApiToken): Promise<void> {
    await this.rows.insert(row);
  }

  own(userId: string, id: string): Promise<ApiToken | null> {
    return this.rows.findOneBy({ userId, id });
  }

  async page(
    userId: string,
    filter: { includeInactive: boolean; limit: number; offset: number },
  ): Promise<[ApiToken[], number]> {
    return this.rows.findAndCount({
      where: { userId, ...(filter.includeInactive ? {} : { isActive: true }) },
      order: { createdAt: 'DESC', id: 'ASC' },
      take: filter.limit,
      skip: filter.offset,
    });
  }

  async deactivate(id: string): Promise<void> {
    await this.rows.update({ id }, { isActive: false });
  }
}

/** A row that was damaged, or written by a later build, must not free its token. */
function restrictionsOf({ serverId, permissions, ipRestrictions, timeRestrictions }: ApiToken): TokenRestrictions {
  try {
    if (!Array.isArray(permissions) || !Array.isArray(ipRestrictions)) throw new RangeError('not a list');
    const timeRules = Object.keys(timeRestrictions).filter((rule) => timeRestrictions[rule]);
    return compileRestrictions({ serverId, permissions, ipRestrictions, timeRules });
  } catch {
    throw new GatewayError('invalid_token', 'Invalid token: its restrictions can’t be enforced');
  }
}
