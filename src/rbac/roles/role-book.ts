import { expandPermissions, type GrantSource, type HeldRole, type Permission } from '#libs/policy';
import type { RoleAssignment } from './role-assignment.entity.js';
import type { Role } from './role.entity.js';

/** Roles at one moment, with what each inherits. */
export class RoleBook {
  readonly #byId: ReadonlyMap<string, Role>;
  readonly #byName: ReadonlyMap<string, Role>;

  /** @param roles what is not among them grants nothing, to those who inherit from it neither */
  constructor(roles: readonly Role[]) {
    this.#byId = new Map(roles.map((role) => [role.id, role]));
    this.#byName = new Map(roles.map((role) => [role.name, role]));
  }

  /** A role that the settings give. @param teamId where it holds; everywhere when left out */
  held(name: string, source: GrantSource, teamId: string | null = null): HeldRole | undefined {
    const role = this.#byName.get(name);
    return (
      role && {
        name,
        scope: teamId === null ? 'global' : 'team',
        teamId,
        source,
        permissions: this.permissionsOf(role),
      }
    );
  }

  given({ roleId, scope, scopeId, source }: RoleAssignment): HeldRole | undefined {
    const role = this.#byId.get(roleId);
    if (!role) return undefined;
    const teamId = scope === 'team' ? scopeId : null;
    return { name: role.name, scope, teamId, source, permissions: this.permissionsOf(role) };
  }

  /** Its own and those of all it inherits from. */
  permissionsOf(role: Role): ReadonlySet<Permission> {
    return expandPermissions(this.lineOf(role).flatMap(({ permissions }) => permissions));
  }

  /** The role and, nearest first, those it inherits from. A circle, which no write makes, ends where it closes. */
  lineOf(role: Role): readonly Role[] {
    const line: Role[] = [];
    for (let next: Role | undefined = role; next && !line.includes(next);) {
      line.push(next);
      next = next.inheritsFrom === null ? undefined : this.#byId.get(next.inheritsFrom);
    }
    return line;
  }
}
