import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { BUILT_IN_ROLES } from '#libs/policy';
import { Repository } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { Role } from './role.entity.js';

/** Keeps the built-in roles in the database as this build has them; any number of replicas may start at once. */
@Injectable()
export class SystemRoles implements OnModuleInit {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  async onModuleInit(): Promise<void> {
    for (const [name, role] of Object.entries(BUILT_IN_ROLES)) {
      const now = new Date();
      const { scope, description } = role;
      const permissions = [...role.permissions];
      const set = { scope, description, permissions, isSystemRole: true, isActive: true, inheritsFrom: null };
      const known = await this.roles.findOneBy({ name });
      if (known && sameRole(known, set)) continue;
      if (known) await this.roles.update(known.id, { ...set, updatedAt: now });
      else await this.#insert({ ...set, id: newId(), name, createdBy: null, createdAt: now, updatedAt: now });
    }
  }

  async #insert(role: Omit<Role, 'revision'>): Promise<void> {
    try {
      await this.roles.insert(role);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
}

function sameRole(known: Role, set: Omit<Partial<Role>, 'id'>): boolean {
  return Object.entries(set).every(
    ([member, value]) => JSON.stringify(known[member as keyof Role]) === JSON.stringify(value),
  );
}
