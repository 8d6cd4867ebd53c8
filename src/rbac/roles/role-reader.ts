import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { KnownRole } from '#libs/policy';
import { Repository } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { ListRolesDto, RoleDto } from './dto/role.dto.js';
import { RoleBook } from './role-book.js';
import { Role } from './role.entity.js';

/** Shows roles. There are so few of them that each answer reads all. */
@Injectable()
export class RoleReader {
  constructor(@InjectRepository(Role) private readonly roles: Repository<Role>) {}

  /** Sorted by name. */
  async list({ scope, active_only: activeOnly }: ListRolesDto): Promise<RoleDto[]> {
    const all = await this.roles.find({ order: { name: 'ASC' } });
    const book = bookOf(all);
    return all
      .filter((role) => (scope === undefined || role.scope === scope) && (role.isActive || !activeOnly))
      .map((role) => shown(role, book));
  }

  /** @throws GatewayError 404 */
  async get(id: string): Promise<RoleDto> {
    const all = await this.roles.find();
    const role = all.find((each) => each.id === normaliseId(id));
    if (!role) throw new GatewayError('not_found', 'Role not found');
    return shown(role, bookOf(all));
  }

  /** Those that somebody could be given. */
  async known(): Promise<KnownRole[]> {
    const all = await this.roles.find({ where: { isActive: true }, order: { name: 'ASC' } });
    const book = bookOf(all);
    return all.map((role) => ({ name: role.name, scope: role.scope, permissions: book.permissionsOf(role) }));
  }

  /** Ids of roles by their names. */
  async ids(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.roles.find({ select: { id: true, name: true } })).map(({ id, name }) => [name, id]));
  }
}

const bookOf = (all: readonly Role[]): RoleBook => new RoleBook(all.filter(({ isActive }) => isActive));

function shown(role: Role, book: RoleBook): RoleDto {
  return {
    id: role.id,
    name: role.name,
    description: role.description,
    scope: role.scope,
    permissions: role.permissions,
    effective_permissions: role.isActive ? [...book.permissionsOf(role)].sort() : [],
    inherits_from: role.inheritsFrom,
    created_by: role.createdBy,
    is_system_role: role.isSystemRole,
    is_active: role.isActive,
    created_at: role.createdAt.toISOString(),
    updated_at: role.updatedAt.toISOString(),
  };
}
