import { describe, expect, it } from 'vitest';
import { ALL_TEAMS, PUBLIC_ONLY, type TeamClaim, teamScope, type TeamScope } from './team-scope.js';

const EITHER = [true, false];
const memberOf = ['red', 'blue'];
const narrowed = (...ids: string[]): TeamScope => ({ kind: 'teams', ids: new Set(ids), narrowed: true });
const unNarrowed = (...ids: string[]): TeamScope => ({ kind: 'teams', ids: new Set(ids), narrowed: false });

interface Row {
  readonly claim: string;
  readonly session: boolean;
  readonly claimed: TeamClaim['claimed'];
  readonly admins: readonly boolean[];
  readonly scope: TeamScope;
}

const TABLE: readonly Row[] = [
  { claim: 'missing', session: false, claimed: undefined, admins: EITHER, scope: PUBLIC_ONLY },
  { claim: 'null', session: false, claimed: null, admins: [true], scope: ALL_TEAMS },
  { claim: 'null', session: false, claimed: null, admins: [false], scope: PUBLIC_ONLY },
  { claim: '[]', session: false, claimed: [], admins: EITHER, scope: PUBLIC_ONLY },
  { claim: '[ids]', session: false, claimed: ['red'], admins: EITHER, scope: narrowed('red') },
  { claim: '[ids]', session: false, claimed: ['red', 'red'], admins: EITHER, scope: narrowed('red') },
  { claim: 'missing', session: true, claimed: undefined, admins: [true], scope: ALL_TEAMS },
  { claim: 'null', session: true, claimed: null, admins: [true], scope: ALL_TEAMS },
  { claim: '[]', session: true, claimed: [], admins: [true], scope: ALL_TEAMS },
  { claim: 'missing', session: true, claimed: undefined, admins: [false], scope: unNarrowed(...memberOf) },
  { claim: 'null', session: true, claimed: null, admins: [false], scope: unNarrowed(...memberOf) },
  { claim: '[]', session: true, claimed: [], admins: [false], scope: unNarrowed(...memberOf) },
  { claim: '[ids]', session: true, claimed: ['red'], admins: EITHER, scope: narrowed('red') },
  { claim: '[ids]', session: true, claimed: ['red', 'green'], admins: EITHER, scope: narrowed('red') },
  { claim: '[ids] of others', session: true, claimed: ['green'], admins: EITHER, scope: PUBLIC_ONLY },
  { claim: '[id] in another spelling', session: true, claimed: ['RED', ' red'], admins: EITHER, scope: PUBLIC_ONLY },
];

const CASES = TABLE.flatMap(({ claim, session, claimed, admins, scope }) =>
  admins.map((isAdmin) => {
    const who = `${session ? 'session' : 'API token'} of ${isAdmin ? 'an administrator' : 'a user'}`;
    return { name: `${who}, teams ${claim}`, claim: { session, claimed, isAdmin, memberOf }, scope };
  }),
);

describe(teamScope.name, () => {
  it.each(CASES)('$name', ({ claim, scope }) => {
    expect(teamScope(claim)).toEqual(scope);
  });

  it('leaves a session without teams with its own private rows only', () => {
    expect(teamScope({ session: true, claimed: undefined, isAdmin: false, memberOf: [] })).toEqual(unNarrowed());
  });

  it('is not changed through the lists it was made from', () => {
    const teams = ['red'];
    const scope = teamScope({ session: true, claimed: null, isAdmin: false, memberOf: teams });
    teams.push('green');
    expect(scope).toEqual(unNarrowed('red'));
  });

  it('shares only scopes that nobody can change', () => {
    expect(Object.isFrozen(ALL_TEAMS) && Object.isFrozen(PUBLIC_ONLY)).toBe(true);
  });
});
