import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { User } from '../../auth/accounts/user.entity.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { filterCondition, type FilterColumns } from '../query/filter-condition.js';
import type { ScimQuery } from '../query/scim-query.js';
import type { ScimClient } from '../scim-client.js';
import { ScimProfile } from './scim-profile.entity.js';
import type { ProvisionedUser } from './scim-user.js';

const COLUMNS: FilterColumns = {
  id: { sql: 'user.id', kind: 'exact' },
  username: { sql: 'user.email', kind: 'address' },
  externalid: { sql: 'profile.externalId', kind: 'exact' },
  active: { sql: 'user.isActive', kind: 'flag' },
  displayname: { sql: 'user.fullName', kind: 'text' },
  'name.formatted': { sql: 'user.fullName', kind: 'text' },
  'name.givenname': { sql: 'profile.givenName', kind: 'text' },
  'name.familyname': { sql: 'profile.familyName', kind: 'text' },
  emails: { sql: 'user.email', kind: 'address' },
  'emails.value': { sql: 'user.email', kind: 'address' },
  'emails.type': { sql: "'work'", kind: 'text' },
  'meta.created': { sql: 'user.createdAt', kind: 'instant' },
  'meta.lastmodified': { sql: 'user.updatedAt', kind: 'instant' },
};

/** Finds the accounts of an identity provider, and no others: those of people who sign in here are not there for it. */
@Injectable()
export class UserReader {
  constructor(@InjectRepository(User) private readonly rows: Repository<User>) {}

  /** Sorted by id, and how many match in all. */
  async list({ provider }: ScimClient, { filter, startIndex, count }: ScimQuery): Promise<[ProvisionedUser[], number]> {
    const query = this.#of(provider).orderBy('user.id');
    if (filter) {
      const { sql, parameters } = filterCondition(filter, COLUMNS);
      query.andWhere(sql, parameters);
    }
    const total = await query.getCount();
    const rows =
      count === 0
        ? []
        : await query
            .limit(count)
            .offset(startIndex - 1)
            .getMany();
    return [rows as ProvisionedUser[], total];
  }

  /** @throws GatewayError 404, also for an account of somebody else */
  async get({ provider }: ScimClient, id: string): Promise<ProvisionedUser> {
    const row = await this.#of(provider)
      .andWhere('user.id = :id', { id: normaliseId(id) })
      .getOne();
    if (!row) throw new GatewayError('not_found', 'There is no such user');
    return row as ProvisionedUser;
  }

  #of(provider: string): SelectQueryBuilder<User> {
    return this.rows
      .createQueryBuilder('user')
      .leftJoinAndMapOne('user.profile', ScimProfile, 'profile', 'profile.userId = user.id')
      .where('user.authProvider = :provider', { provider });
  }
}
