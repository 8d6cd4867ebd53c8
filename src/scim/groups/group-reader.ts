import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { filterCondition, type FilterColumns } from '../query/filter-condition.js';
import type { ScimQuery } from '../query/scim-query.js';
import type { ScimClient } from '../scim-client.js';
import { ScimGroupMember } from './scim-group-member.entity.js';
import type { GroupWithMembers } from './scim-group-view.js';
import { ScimGroup } from './scim-group.entity.js';

const COLUMNS: FilterColumns = {
  id: { sql: 'scimGroup.id', kind: 'exact' },
  displayname: { sql: 'scimGroup.displayName', kind: 'text' },
  externalid: { sql: 'scimGroup.externalId', kind: 'exact' },
  'meta.created': { sql: 'scimGroup.createdAt', kind: 'instant' },
  'meta.lastmodified': { sql: 'scimGroup.updatedAt', kind: 'instant' },
};

/** Finds the groups of an identity provider, and no others. */
@Injectable()
export class GroupReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Sorted by id, and how many match in all. */
  async list({ provider }: ScimClient, query: ScimQuery): Promise<[GroupWithMembers[], number]> {
    const { filter, startIndex, count } = query;
    const rows = this.dataSource
      .getRepository(ScimGroup)
      .createQueryBuilder('scimGroup')
      .where('scimGroup.provider = :provider', { provider })
      .orderBy('scimGroup.id');
    if (filter) {
      const { sql, parameters } = filterCondition(filter, COLUMNS);
      rows.andWhere(sql, parameters);
    }
    const total = await rows.getCount();
    const found =
      count === 0
        ? []
        : await rows
            .limit(count)
            .offset(startIndex - 1)
            .getMany();
    return [await this.#withMembers(this.dataSource.manager, found), total];
  }

  /** @throws GatewayError 404, also for a group of somebody else */
  async get(
    { provider }: ScimClient,
    id: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<GroupWithMembers> {
    const rows = await manager.findBy(ScimGroup, { id: normaliseId(id), provider });
    const [group] = await this.#withMembers(manager, rows);
    if (!group) throw new GatewayError('not_found', 'There is no such group');
    return group;
  }

  async #withMembers(manager: EntityManager, groups: readonly ScimGroup[]): Promise<GroupWithMembers[]> {
    if (groups.length === 0) return [];
    const members = await manager.findBy(ScimGroupMember, { groupId: In(groups.map(({ id }) => id)) });
    const byGroup = new Map<string, string[]>(groups.map(({ id }) => [id, []]));
    for (const { groupId, userId } of members) byGroup.get(groupId)?.push(userId);
    return groups.map((group) => Object.assign(group, { members: byGroup.get(group.id) ?? [] }));
  }
}
