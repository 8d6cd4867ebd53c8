import { Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { categoryOf, type Permission } from '#libs/policy';
import { routesIn } from '../../http/routes.js';
import type { AvailablePermissionsDto } from './dto/available-permissions.dto.js';

/** The permissions that anything asks for: found at the routes themselves, so that none can be forgotten or made up. */
@Injectable()
export class PermissionCatalog {
  readonly #asked = new Set<Permission>();

  constructor(private readonly modules: ModulesContainer) {}

  /** For what asks without a route of its own, such as MCP methods. */
  add(permissions: Iterable<Permission>): void {
    for (const permission of permissions) this.#asked.add(permission);
  }

  available(): AvailablePermissionsDto {
    const ofRoutes = routesIn(this.modules).flatMap(({ policy }) =>
      policy?.kind === 'permission' || policy?.kind === 'mcp' ? [policy.permission] : [],
    );
    const all = [...new Set([...this.#asked, ...ofRoutes])].sort();
    const byResource: Record<string, Permission[]> = {};
    for (const permission of all) (byResource[categoryOf(permission)] ??= []).push(permission);
    return { all_permissions: all, permissions_by_resource: byResource, total_count: all.length };
  }
}
