import { ANONYMOUS_GRANTS, expandPermissions, type Principal, PUBLIC_ONLY, UNRESTRICTED } from '#libs/policy';

/** Nobody: the only one of its kind. It owns nothing, belongs to nobody and sees what is public. */
export const ANONYMOUS: Principal = Object.freeze({
  kind: 'anonymous',
  subject: 'anonymous',
  userId: null,
  isAdmin: false,
  teams: PUBLIC_ONLY,
  grants: expandPermissions(ANONYMOUS_GRANTS),
  tokenId: null,
  restrictions: UNRESTRICTED,
  expiresAt: Number.POSITIVE_INFINITY,
});
