import { describe, expect, it } from 'vitest';
import { memberOf, narrowedTo, somebody } from '../../../test/fixtures/principals.js';
import { ALL_TEAMS, PUBLIC_ONLY, type TeamScope } from './team-scope.js';
import { canSee, type OwnedRow, VISIBILITIES, type Visibility } from './visibility.js';

const ANN = 'ann@example.com';
const SCOPES: readonly (readonly [string, TeamScope])[] = [
  ['all', ALL_TEAMS],
  ['member of red', memberOf('red')],
  ['narrowed to red', narrowedTo('red')],
  ['member of none', memberOf()],
  ['public', PUBLIC_ONLY],
];
const TEAMS = ['red', 'blue', null];
const OWNERS = [ANN, 'bob@example.com', null];

/** For each scope: [own, others' and nobody's] rows that are visible, by team; written by hand from the contract. */
const PRIVATE: Readonly<Record<string, readonly (string | null)[]>> = {
  all: ['red', 'blue', null],
  'member of red': ['red', 'blue', null],
  'narrowed to red': ['red'],
  'member of none': ['red', 'blue', null],
  public: [],
};
const TEAM: Readonly<Record<string, readonly (string | null)[]>> = {
  all: ['red', 'blue', null],
  'member of red': ['red'],
  'narrowed to red': ['red'],
  'member of none': [],
  public: [],
};

function expected(scope: string, { visibility, teamId, ownerEmail }: OwnedRow): boolean {
  if (visibility === 'public') return true;
  if (visibility === 'team') return TEAM[scope]?.includes(teamId) ?? false;
  return ownerEmail === ANN && (PRIVATE[scope]?.includes(teamId) ?? false);
}

const CELLS = SCOPES.flatMap(([scope, teams]) =>
  VISIBILITIES.flatMap((visibility) =>
    TEAMS.flatMap((teamId) =>
      OWNERS.map((ownerEmail) => {
        const row = { visibility, teamId, ownerEmail };
        return { scope, teams, row, seen: expected(scope, row) };
      }),
    ),
  ),
);

describe(canSee.name, () => {
  it('has a cell for each scope, visibility, team and owner', () => {
    expect(CELLS).toHaveLength(5 * 3 * 3 * 3);
  });

  it.each(CELLS)('$scope sees $row: $seen', ({ teams, row, seen }) => {
    expect(canSee(somebody(ANN, teams), row)).toBe(seen);
  });

  it('never shows an administrator what is private to others', () => {
    const row: OwnedRow = { visibility: 'private', teamId: 'red', ownerEmail: 'bob@example.com' };
    expect(canSee(somebody(ANN, ALL_TEAMS, { isAdmin: true }), row)).toBe(false);
  });

  it('does not take nobody for an owner without a name', () => {
    const row: OwnedRow = { visibility: 'private', teamId: null, ownerEmail: null };
    for (const [, teams] of SCOPES) expect(canSee(somebody('', teams), row)).toBe(false);
  });

  it.each(['', 'Public', 'PUBLIC', 'internal', 'constructor'])('hides a row whose visibility is "%s"', (visibility) => {
    const row: OwnedRow = { visibility: visibility as Visibility, teamId: 'red', ownerEmail: ANN };
    for (const [, teams] of SCOPES) expect(canSee(somebody(ANN, teams), row)).toBe(false);
  });

  it('sees only public rows in a scope of a kind it does not know', () => {
    const teams = { kind: 'everything' as string, ids: new Set(['red']), narrowed: false } as TeamScope;
    for (const { row } of CELLS) expect(canSee(somebody(ANN, teams), row)).toBe(row.visibility === 'public');
  });
});
