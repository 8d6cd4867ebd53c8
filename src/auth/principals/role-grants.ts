import { BUILT_IN_ROLES, expandPermissions, type Permission } from '#libs/policy';
import type { AuthSettings } from '../auth.settings.js';

/** What the role of an account grants. @param asAdmin an administrator whose credential is not narrowed */
export function roleGrants(asAdmin: boolean, { defaultUserRole }: AuthSettings): ReadonlySet<Permission> {
  return expandPermissions(BUILT_IN_ROLES[asAdmin ? 'platform_admin' : defaultUserRole]);
}
