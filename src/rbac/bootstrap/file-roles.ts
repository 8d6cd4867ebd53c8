import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { TeamUsers } from '../../teams/team-users.js';
import { RbacSettings } from '../rbac.settings.js';
import { lockRoles } from '../roles/role-lock.js';
import { lineFault } from '../roles/role-rules.js';
import { Role } from '../roles/role.entity.js';
import { applyAssignments } from './file-assignments.js';
import type { FileAssignmentDto, FileRoleDto } from './file-role.dto.js';
import { readRoleFile, RoleFileError } from './role-file.js';

/**
 * Puts the file of roles into the database: makes and changes its roles, gives what it gives, and takes back what it gave
 * and gives no more. Replicas that start at once wait for each other; roles of the system and of people are left alone.
 */
@Injectable()
export class FileRoles {
  readonly #log = new Logger(FileRoles.name);

  constructor(
    private readonly unit: UnitOfWork,
    private readonly bus: ChangeBus,
    private readonly users: TeamUsers,
    private readonly settings: RbacSettings,
  ) {}

  /** @throws RoleFileError with a line for each fault; then nothing was changed */
  async apply(): Promise<void> {
    const path = this.settings.rolesFile;
    const { roles, assignments } = readRoleFile(path);
    const accounts = await this.#accounts(assignments ?? []);
    const waiting = await this.unit.run(async (manager) => {
      await lockRoles(manager);
      const faults = await applyRoles(manager, roles ?? []);
      if (faults.length > 0) throw new RoleFileError(path, faults);
      const { faults: more, waiting } = await applyAssignments(manager, assignments ?? [], accounts);
      if (more.length > 0) throw new RoleFileError(path, more);
      return waiting;
    });
    for (const reason of waiting) this.#log.warn({ message: 'an assignment of the file of roles waits', reason });
    this.bus.publish({ kind: 'roles_changed' });
  }

  /** Ids by e-mail, of those that exist. */
  async #accounts(assignments: readonly FileAssignmentDto[]): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (const email of new Set(assignments.map(({ user_email: wanted }) => wanted))) {
      const user = await this.users.byEmail(email);
      if (user) ids.set(email, user.id);
    }
    return ids;
  }
}

/** @returns what is wrong; then nothing was written */
async function applyRoles(manager: EntityManager, wanted: readonly FileRoleDto[]): Promise<string[]> {
  const before = new Map((await manager.find(Role)).map((role) => [role.name, role]));
  const owned = wanted.flatMap((wish, index) => foreignFault(wish, before.get(wish.name), `roles[${index}]`));
  if (owned.length > 0) return owned;
  const after = new Map(before);
  for (const wish of wanted) after.set(wish.name, roleOf(wish, before.get(wish.name)));
  const faults = wanted.flatMap(({ name, inherits_from: parent }, index) => {
    const role = after.get(name);
    if (!role) return [];
    role.inheritsFrom = parent ? (after.get(parent)?.id ?? '') : null;
    return role.inheritsFrom === '' ? [`roles[${index}].inherits_from: there is no role ${parent}`] : [];
  });
  const all = [...after.values()];
  if (faults.length > 0) return faults;
  const lines = wanted.flatMap(({ name }, index) => {
    const role = after.get(name);
    const fault = role && lineFault(role, all);
    return fault === undefined ? [] : [`roles[${index}].${fault}`];
  });
  if (lines.length > 0) return lines;
  for (const { name } of wanted) {
    const [old, role] = [before.get(name), after.get(name)];
    if (!role) continue;
    const { id, revision: _, ...columns } = role;
    if (!old) await manager.insert(Role, { id, ...columns });
    else if (differs(old, role)) await manager.update(Role, { id }, { ...columns, updatedAt: new Date() });
  }
  return [];
}

function foreignFault({ name, scope }: FileRoleDto, known: Role | undefined, at: string): string[] {
  if (known && known.createdBy !== null)
    return [`${at}.name: ${name} was made by ${known.createdBy}; delete that role, or rename this one`];
  return known && known.scope !== scope ? [`${at}.scope: ${name} has scope ${known.scope}, and keeps it`] : [];
}

function roleOf({ name, description, scope, permissions }: FileRoleDto, known: Role | undefined): Role {
  const now = new Date();
  const kept = known ?? { id: newId(), createdAt: now, updatedAt: now, revision: 0 };
  return Object.assign(new Role(), kept, {
    name,
    scope,
    permissions,
    description: description ?? null,
    inheritsFrom: null,
    createdBy: null,
    isSystemRole: false,
    isActive: true,
  });
}

const differs = (one: Role, other: Role): boolean =>
  JSON.stringify([one.description, one.permissions, one.inheritsFrom, one.isActive]) !==
  JSON.stringify([other.description, other.permissions, other.inheritsFrom, other.isActive]);
