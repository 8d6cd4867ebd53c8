import { describe, expect, it } from 'vitest';
import { administrator, heldRole, narrowedTo, withRoles } from '../../../test/fixtures/principals.js';
import { isWholeAdministrator, lackingToGrant } from './granting.js';
import { expandPermissions } from './permissions.js';
import { compileRestrictions } from './token-restrictions.js';

const UNBOUND = { serverId: null, permissions: [], ipRestrictions: [], timeRules: [] };
const confined = (more: object) => ({ ...administrator, restrictions: compileRestrictions({ ...UNBOUND, ...more }) });
const ASKED = expandPermissions(['tags.read', 'teams.read']);
const EVERYWHERE = { scope: 'global', teamId: null } as const;
const inTeam = (teamId: string) => ({ scope: 'team', teamId }) as const;

describe(lackingToGrant.name, () => {
  const ann = withRoles(
    'ann@example.com',
    ['red'],
    [heldRole('a', ['tags.read', 'teams.read'], 'red'), heldRole('b', ['tags.read'])],
  );

  it('takes what is held in that very place', () => {
    expect(lackingToGrant(ann, ASKED, inTeam('red'))).toEqual([]);
    expect(lackingToGrant(ann, ASKED, inTeam('blue'))).toEqual(['teams.read']);
    expect(lackingToGrant(ann, ASKED, EVERYWHERE)).toEqual(['teams.read']);
    expect(lackingToGrant(ann, ASKED, { scope: 'personal', teamId: null })).toEqual(['teams.read']);
  });

  it('takes everything from an administrator whom nothing narrows, but not past the cap of his token', () => {
    expect(lackingToGrant({ ...administrator, grants: ann.grants }, expandPermissions(['*']), EVERYWHERE)).toEqual([]);
    expect(lackingToGrant(confined({ permissions: ['tags.read'] }), ASKED, EVERYWHERE)).toEqual(['teams.read']);
    const narrowed = { ...administrator, grants: ann.grants, teams: narrowedTo('red') };
    expect(lackingToGrant(narrowed, ASKED, EVERYWHERE)).toEqual(['teams.read']);
  });

  it.each([{ serverId: 'x' }, { ipRestrictions: ['10.0.0.0/8'] }, { timeRules: ['weekdays_only'] }])(
    'takes nothing from a credential that is confined: %j',
    (more) => {
      expect(lackingToGrant(confined(more), ASKED, EVERYWHERE)).toEqual([...ASKED]);
    },
  );
});

describe(isWholeAdministrator.name, () => {
  it('is one whom nothing narrows or confines', () => {
    expect(isWholeAdministrator(administrator)).toBe(true);
    expect(isWholeAdministrator({ ...administrator, isAdmin: false })).toBe(false);
    expect(isWholeAdministrator({ ...administrator, teams: narrowedTo('red') })).toBe(false);
    for (const more of [
      { serverId: 'x' },
      { permissions: ['*'] },
      { ipRestrictions: ['10.0.0.0/8'] },
      { timeRules: ['weekdays_only'] },
    ])
      expect(isWholeAdministrator(confined(more))).toBe(false);
  });
});
