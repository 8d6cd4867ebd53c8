import {
  ANONYMOUS_GRANTS,
  expandPermissions,
  grantedEverywhere,
  type Principal,
  PUBLIC_ONLY,
  UNRESTRICTED,
} from '#libs/policy';

/** Nobody: the only one of its kind. It owns nothing, belongs to nobody and sees what is public. */
export const ANONYMOUS: Principal = Object.freeze({
  kind: 'anonymous',
  subject: 'anonymous',
  userId: null,
  isAdmin: false,
  teams: PUBLIC_ONLY,
  roles: [],
  grants: grantedEverywhere(expandPermissions(ANONYMOUS_GRANTS)),
  ownedTeams: new Set<string>(),
  tokenId: null,
  restrictions: UNRESTRICTED,
  expiresAt: Number.POSITIVE_INFINITY,
});
