import type { HeldRole } from './grants.js';
import { expandPermissions, type Permission } from './permissions.js';
import { BUILT_IN_ROLES, type RoleScope } from './roles.js';

/** A role that somebody could be given. */
export interface KnownRole {
  readonly name: string;
  readonly scope: RoleScope;
  readonly permissions: ReadonlySet<Permission>;
}

/** What sentences are made of, beside the principal and the row. */
export interface ExplainContext {
  /** The roles that there are. */
  readonly roles: readonly KnownRole[];
  /** How people call a team. */
  readonly teamName: (id: string) => string;
  /** Whether the reader may know that the principal holds this role. */
  readonly mayName: (role: HeldRole) => boolean;
}

/** The built-in roles, and teams by their ids. */
export const PLAIN_CONTEXT: ExplainContext = {
  roles: Object.entries(BUILT_IN_ROLES).map(([name, { scope, permissions }]) => ({
    name,
    scope,
    permissions: expandPermissions(permissions),
  })),
  teamName: (id) => id,
  mayName: () => true,
};
