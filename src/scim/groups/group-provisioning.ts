import { Injectable } from '@nestjs/common';
import { FieldRules } from '#libs/fields';
import type { JsonObject } from '#libs/mcp';
import { type EntityManager, In } from 'typeorm';
import type { Actor } from '../../auth/accounts/actor.js';
import { User } from '../../auth/accounts/user.entity.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { applyPatch } from '../patch/apply-patch.js';
import { GROUP_ATTRIBUTES } from '../patch/patch-attributes.js';
import { readPatch } from '../patch/read-patch.js';
import type { ScimClient } from '../scim-client.js';
import { ScimFault } from '../scim-fault.js';
import { GroupReader } from './group-reader.js';
import { type GroupWish, readGroupWish } from './group-wish.js';
import { GroupMemberships } from './group-memberships.js';
import { ScimGroupMember } from './scim-group-member.entity.js';
import { type GroupWithMembers, writableGroup } from './scim-group-view.js';
import { ScimGroup } from './scim-group.entity.js';

/** Keeps the groups of an identity provider as it says, and then the teams that they stand for. */
@Injectable()
export class GroupProvisioning {
  constructor(
    private readonly reader: GroupReader,
    private readonly memberships: GroupMemberships,
    private readonly unit: UnitOfWork,
    private readonly rules: FieldRules,
  ) {}

  /** @throws ScimFault 400, 409 for a displayName that another group of the provider has */
  async create({ caller }: Actor, client: ScimClient, body: JsonObject): Promise<GroupWithMembers> {
    const { displayName, externalId = null, members = [] } = readGroupWish(body, this.rules);
    if (displayName === undefined) throw new ScimFault('invalidValue', 'displayName is required');
    const now = new Date();
    const group = { id: newId(), provider: client.provider, displayName, externalId, createdAt: now, updatedAt: now };
    await this.#stored(async (manager) => {
      await manager.insert(ScimGroup, group);
      await setMembers(manager, client, { ...group, members: [] }, members);
    });
    await this.memberships.settle(caller, client, [displayName]);
    return this.reader.get(client, group.id);
  }

  replace(actor: Actor, client: ScimClient, id: string, body: JsonObject): Promise<GroupWithMembers> {
    const wish = readGroupWish(body, this.rules);
    // A PUT without members says that there are none (RFC 7644 section 3.5.1).
    return this.#change(actor, client, id, () => ({ ...wish, members: wish.members ?? [] }));
  }

  patch(actor: Actor, client: ScimClient, id: string, body: JsonObject): Promise<GroupWithMembers> {
    const operations = readPatch(body, GROUP_ATTRIBUTES);
    return this.#change(actor, client, id, (group) =>
      readGroupWish(applyPatch(writableGroup(group), operations), this.rules),
    );
  }

  async remove({ caller }: Actor, client: ScimClient, id: string): Promise<void> {
    const { id: known, displayName } = await this.reader.get(client, id);
    await this.#stored(async (manager) => {
      await manager.delete(ScimGroup, { id: known });
    });
    await this.memberships.settle(caller, client, [displayName]);
  }

  /** @param wished asked under the lock of the group, so that of two changes at once none undoes the other */
  async #change(
    { caller }: Actor,
    client: ScimClient,
    id: string,
    wished: (group: GroupWithMembers) => GroupWish,
  ): Promise<GroupWithMembers> {
    const { id: known } = await this.reader.get(client, id);
    const names = await this.#stored(async (manager) => {
      await manager.update(ScimGroup, { id: known }, { updatedAt: new Date() });
      const group = await this.reader.get(client, known, manager);
      const { members, displayName = group.displayName, externalId = group.externalId } = wished(group);
      await manager.update(ScimGroup, { id: known }, { displayName, externalId });
      if (members) await setMembers(manager, client, group, members);
      return [group.displayName, displayName];
    });
    await this.memberships.settle(caller, client, names);
    return this.reader.get(client, known);
  }

  async #stored<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.unit.run(work);
    } catch (error) {
      if (isUniqueViolation(error)) throw new ScimFault('uniqueness', 'displayName is taken', 'conflict');
      throw error;
    }
  }
}

/** @throws ScimFault 400 for one who is no user of the provider */
async function setMembers(
  manager: EntityManager,
  { provider: authProvider }: ScimClient,
  { id: groupId, members: before }: GroupWithMembers,
  wished: readonly string[],
): Promise<void> {
  const added = wished.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !wished.includes(id));
  if (added.length > 0 && (await manager.countBy(User, { id: In(added), authProvider })) < added.length)
    throw new ScimFault('invalidValue', 'members: there is no such user');
  if (removed.length > 0) await manager.delete(ScimGroupMember, { groupId, userId: In(removed) });
  for (const userId of added) await manager.insert(ScimGroupMember, { groupId, userId });
}
