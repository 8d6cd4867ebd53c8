import type { User } from '../../auth/accounts/user.entity.js';
import { USER } from '../resources/schema-urns.js';
import type { ScimProfile } from './scim-profile.entity.js';

/** An account and what its identity provider calls it. */
export interface ProvisionedUser extends User {
  /** Null for one that signed in before it was provisioned. */
  readonly profile: ScimProfile | null;
}

/** How SCIM shows an account (RFC 7643 section 4.1). */
export interface ScimUser {
  readonly schemas: readonly string[];
  readonly id: string;
  readonly externalId?: string;
  readonly userName: string;
  readonly name?: { readonly formatted?: string; readonly givenName?: string; readonly familyName?: string };
  readonly displayName?: string;
  readonly active: boolean;
  readonly emails: readonly { readonly value: string; readonly type: 'work'; readonly primary: true }[];
  readonly meta: {
    readonly resourceType: 'User';
    readonly created: string;
    readonly lastModified: string;
    readonly location: string;
  };
}

/** @param base of all resources */
export function scimUser(user: ProvisionedUser, base: string): ScimUser {
  const { id, email, fullName, profile } = user;
  const { externalId = null, givenName = null, familyName = null } = profile ?? {};
  const name = {
    ...(fullName !== null && { formatted: fullName }),
    ...(givenName !== null && { givenName }),
    ...(familyName !== null && { familyName }),
  };
  return {
    schemas: [USER],
    id,
    ...(externalId !== null && { externalId }),
    userName: email,
    ...(Object.keys(name).length > 0 && { name }),
    ...(fullName !== null && { displayName: fullName }),
    active: user.isActive,
    emails: [{ value: email, type: 'work', primary: true }],
    meta: {
      resourceType: 'User',
      created: user.createdAt.toISOString(),
      lastModified: user.updatedAt.toISOString(),
      location: `${base}/Users/${id}`,
    },
  };
}

/** What of it a PATCH may write. The full name is left out: whichever of its two attributes comes is the new one. */
export function writableUser({ email, isActive, profile }: ProvisionedUser): object {
  const { externalId = null, givenName = null, familyName = null } = profile ?? {};
  return { userName: email, active: isActive, externalId, name: { givenName, familyName } };
}
