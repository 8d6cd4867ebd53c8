import { isWholeScope, type Principal } from '#libs/policy';
import type { Attributes } from './attribute.js';

/** What policies can read of who is calling. */
export const PRINCIPAL_ATTRIBUTES = {
  email: { type: 'String', read: ({ subject }) => subject },
  kind: { type: 'String', read: ({ kind }) => kind },
  admin: { type: 'Bool', read: ({ isAdmin }) => isAdmin },
  narrowed: { type: 'Bool', read: ({ teams }) => !isWholeScope(teams) },
  token: { type: 'String', optional: true, read: ({ tokenId }) => tokenId ?? undefined },
} as const satisfies Attributes<Principal>;

/** The teams and roles that a principal is in, as far as the credential reaches. */
export function groupsOf({ grants, roles }: Principal): { readonly type: 'Team' | 'Role'; readonly id: string }[] {
  return [
    ...[...grants.inTeams.keys()].map((id) => ({ type: 'Team' as const, id })),
    ...[...new Set(roles.map(({ name }) => name))].map((id) => ({ type: 'Role' as const, id })),
  ];
}
