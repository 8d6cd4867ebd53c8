/**
 * Which teams' rows a credential reaches.
 * - `all`: an administrator's un-narrowed credential
 * - `teams`: these teams; own private rows too, those of the teams only when the credential was narrowed to them
 * - `public`: nothing but public rows, whoever holds it
 */
export type TeamScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'teams'; readonly ids: ReadonlySet<string>; readonly narrowed: boolean }
  | { readonly kind: 'public' };

export const ALL_TEAMS: TeamScope = Object.freeze({ kind: 'all' });
export const PUBLIC_ONLY: TeamScope = Object.freeze({ kind: 'public' });

/** Whether a credential reaches all that its user does: it was narrowed neither to teams nor to public rows. */
export const isWholeScope = (scope: TeamScope): boolean =>
  scope.kind === 'all' || (scope.kind === 'teams' && !scope.narrowed);

export interface TeamClaim {
  /** A session's teams come from the database; another token's only from its claim. */
  readonly session: boolean;
  /** The `teams` claim: absent, null, or a list of ids. */
  readonly claimed: readonly string[] | null | undefined;
  readonly isAdmin: boolean;
  /** The teams the user belongs to now. */
  readonly memberOf: readonly string[];
}

/** The table "Token → team visibility" of the documented contract; see `docs/guides/access-control.md`. */
export function teamScope({ session, claimed, isAdmin, memberOf }: TeamClaim): TeamScope {
  if (session) {
    // An administrator who narrows himself gives up what only an administrator has: other people's teams.
    if (claimed && claimed.length > 0) return narrowedTo(claimed.filter((id) => memberOf.includes(id)));
    return isAdmin ? ALL_TEAMS : { kind: 'teams', ids: new Set(memberOf), narrowed: false };
  }
  if (claimed === null && isAdmin) return ALL_TEAMS;
  return narrowedTo(claimed ?? []);
}

function narrowedTo(ids: readonly string[]): TeamScope {
  return ids.length > 0 ? { kind: 'teams', ids: new Set(ids), narrowed: true } : PUBLIC_ONLY;
}
