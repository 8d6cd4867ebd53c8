import type { Principal } from './principal.js';
import type { SenderConstraint } from './sender-constraint.js';

export const VISIBILITIES = ['private', 'team', 'public'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** What the rules have to know of a row. */
export interface OwnedRow {
  readonly visibility: Visibility;
  readonly teamId: string | null;
  readonly ownerEmail: string | null;
  /** Of a virtual server: to what credentials must be bound. */
  readonly senderConstrained?: SenderConstraint;
}

/** The one visibility rule, for single rows and lists alike. What it does not know, it hides. */
export function canSee({ teams: scope, subject }: Principal, row: OwnedRow): boolean {
  if (row.visibility === 'public') return true;
  const everything = scope.kind === 'all';
  const ownTeam = scope.kind === 'teams' && row.teamId !== null && scope.ids.has(row.teamId);
  if (row.visibility === 'team') return everything || ownTeam;
  const mine = row.visibility === 'private' && row.ownerEmail !== null && row.ownerEmail === subject;
  return mine && (everything || ownTeam || (scope.kind === 'teams' && !scope.narrowed));
}
