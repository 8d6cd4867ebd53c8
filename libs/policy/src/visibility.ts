import type { Principal } from './principal.js';

export const VISIBILITIES = ['private', 'team', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** What the visibility rule has to know of a row. */
export interface OwnedRow {
  readonly visibility: Visibility;
  readonly teamId: string | null;
  readonly ownerEmail: string | null;
}

/** The one visibility rule, for single rows and lists alike. */
export function canSee(principal: Principal, row: OwnedRow): boolean {
  if (row.visibility === 'public') return true;
  const scope = principal.teams;
  if (scope.kind === 'public') return false;
  const reachesTeam = scope.kind === 'all' || (row.teamId !== null && scope.ids.has(row.teamId));
  if (row.visibility === 'team') return reachesTeam;
  const mine = row.ownerEmail !== null && row.ownerEmail === principal.subject;
  return mine && (reachesTeam || (scope.kind === 'teams' && !scope.narrowed));
}
