import { Injectable } from '@nestjs/common';
import { isWholeAdministrator, type Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { RbacSettings } from '../rbac.settings.js';
import { RoleAssignment } from './role-assignment.entity.js';
import { defaultRoles } from './default-roles.js';
import type { UpdateRoleDto, CreateRoleDto } from './dto/role.dto.js';
import { lockRoles } from './role-lock.js';
import { lineFault, MOST_ROLES, permissionFault, refuse } from './role-rules.js';
import { Role } from './role.entity.js';

/** Makes, changes and deletes roles, one change after the other; for platform administrators whom nothing narrows. */
@Injectable()
export class RoleService {
  constructor(
    private readonly unit: UnitOfWork,
    private readonly bus: ChangeBus,
    private readonly settings: RbacSettings,
    private readonly trail: AuditTrail,
  ) {}

  /** @throws GatewayError 400 that names the field and the rule */
  create(caller: Principal, wish: CreateRoleDto): Promise<Role> {
    assertMayWrite(caller);
    refuse(permissionFault(wish.scope, wish.permissions));
    return this.#write(async (manager) => {
      const roles = await manager.find(Role);
      refuse(roles.length >= MOST_ROLES ? `name: There are ${MOST_ROLES} roles already, which is the most` : undefined);
      const now = new Date();
      const role: Role = Object.assign(new Role(), {
        id: newId(),
        name: wish.name,
        description: wish.description ?? null,
        scope: wish.scope,
        permissions: wish.permissions,
        inheritsFrom: parentOf(wish.inherits_from),
        createdBy: caller.subject,
        isSystemRole: false,
        isActive: true,
        createdAt: now,
        updatedAt: now,
        revision: 0,
      });
      refuse(lineFault(role, [...roles, role]));
      // A copy, because what the database answers is put into what was inserted, as the driver has it.
      await manager.insert(Role, Object.assign(new Role(), role));
      await this.trail.record(manager, caller, { ...actOn(role), action: 'create', after: valuesOf(role) });
      return role;
    });
  }

  /** @throws GatewayError 404, 400 that names the field and the rule */
  async change(caller: Principal, id: string, wish: UpdateRoleDto): Promise<Role> {
    assertMayWrite(caller);
    const changed = await this.#write(async (manager) => {
      const role = await this.#ofPeople(manager, id, 'Cannot modify system roles');
      const next = Object.assign(new Role(), role, changesOf(wish), { updatedAt: new Date() });
      if (next.name !== role.name || !next.isActive) this.#refuseDefault(role);
      refuse(permissionFault(next.scope, next.permissions));
      const others = await manager.find(Role);
      refuse(lineFault(next, [...others.filter((other) => other.id !== role.id), next], role.inheritsFrom));
      const { name, description, permissions, inheritsFrom, isActive, updatedAt } = next;
      await manager.update(
        Role,
        { id: role.id },
        { name, description, permissions, inheritsFrom, isActive, updatedAt },
      );
      const [before, after] = [valuesOf(role), valuesOf(next)];
      await this.trail.record(manager, caller, { ...actOn(role), action: 'update', before, after });
      return next;
    });
    this.bus.publish({ kind: 'roles_changed' });
    return changed;
  }

  /** Who holds it holds it no more. @throws GatewayError 404, 400 for what others rest on */
  async remove(caller: Principal, id: string): Promise<void> {
    assertMayWrite(caller);
    await this.#write(async (manager) => {
      const role = await this.#ofPeople(manager, id, 'Cannot delete system roles');
      this.#refuseDefault(role);
      const heir = await manager.findOneBy(Role, { inheritsFrom: role.id });
      refuse(heir ? `Cannot delete the role: ${heir.name} inherits from it` : undefined);
      await manager.delete(RoleAssignment, { roleId: role.id });
      await manager.delete(Role, { id: role.id });
      await this.trail.record(manager, caller, { ...actOn(role), action: 'delete', before: valuesOf(role) });
    });
    this.bus.publish({ kind: 'roles_changed' });
  }

  async #write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.unit.run(async (manager) => {
        await lockRoles(manager);
        return work(manager);
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('bad_request', 'name: A role with this name already exists');
      throw error;
    }
  }

  async #ofPeople(manager: EntityManager, id: string, system: string): Promise<Role> {
    const role = await manager.findOneBy(Role, { id: normaliseId(id) });
    if (!role) throw new GatewayError('not_found', 'Role not found');
    refuse(role.isSystemRole ? system : undefined);
    return role;
  }

  /** Or a restart would be refused, and everybody would be without a role until then. */
  #refuseDefault({ name }: Role): void {
    const setting = defaultRoles(this.settings).find(([, role]) => role === name)?.[0];
    refuse(setting === undefined ? undefined : `The role is the one that ${setting} names`);
  }
}

/** What a role grants decides about everything else: nobody but who may do everything writes one. */
function assertMayWrite(caller: Principal): void {
  if (!isWholeAdministrator(caller)) throw new GatewayError('access_denied', undefined, 'not_admin');
}

const actOn = ({ id, name }: Role) => ({ resourceType: 'role', resourceId: id, resourceName: name }) as const;

const valuesOf = ({ name, description, scope, permissions, inheritsFrom, isActive }: Role) => ({
  name,
  description,
  scope,
  permissions,
  inherits_from: inheritsFrom,
  is_active: isActive,
});

const parentOf = (id: string | null | undefined): string | null => (id ? normaliseId(id) : null);

function changesOf({ name, description, permissions, inherits_from: parent, is_active: isActive }: UpdateRoleDto) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(permissions !== undefined && { permissions }),
    ...(parent !== undefined && { inheritsFrom: parentOf(parent) }),
    ...(isActive !== undefined && { isActive }),
  } satisfies Partial<Role>;
}
