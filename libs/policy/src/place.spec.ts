import { describe, expect, it } from 'vitest';
import { administrator, heldRole, holding, narrowedTo, withRoles } from '../../../test/fixtures/principals.js';
import { compileGrants } from './grants.js';
import { decide } from './decide.js';
import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';
import type { OwnedRow } from './visibility.js';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';
const row = (visibility: OwnedRow['visibility'], teamId: string | null, ownerEmail: string | null): OwnedRow => ({
  visibility,
  teamId,
  ownerEmail,
});
const DEVELOPER = ['tools.read', 'tools.execute', 'tools.create', 'tools.update', 'tools.delete'];
const inRed = withRoles(ANN, ['red', 'blue'], [heldRole('developer', DEVELOPER, 'red')]);
const owner = withRoles(ANN, ['red'], [heldRole('developer', DEVELOPER, 'red')], ['red']);
const viewer = withRoles(ANN, ['red'], [heldRole('viewer', ['tools.read', 'tools.execute'], 'red')]);
const personal = withRoles(ANN, ['personal-ann'], [heldRole('developer', DEVELOPER, 'personal-ann')], ['personal-ann']);
const everywhere = withRoles(ANN, [], [heldRole('developer', DEVELOPER)]);

describe('the place of a row', () => {
  it.each<[string, Principal, Permission, OwnedRow, string]>([
    ['a team’s row is used by the role in the team', inRed, 'tools.execute', row('team', 'red', BOB), 'granted'],
    [
      'the role in another team does not suffice',
      inRed,
      'tools.execute',
      row('team', 'blue', BOB),
      'permission_elsewhere',
    ],
    [
      'a public row is used by a role in any shared team',
      inRed,
      'tools.execute',
      row('public', 'green', BOB),
      'granted',
    ],
    ['a public row without a team too', inRed, 'tools.read', row('public', null, BOB), 'granted'],
    [
      'but not changed by it, not even the own one',
      inRed,
      'tools.update',
      row('public', null, ANN),
      'permission_elsewhere',
    ],
    ['nor made by it', inRed, 'tools.create', row('public', null, ANN), 'permission_elsewhere'],
    ['made in the team', inRed, 'tools.create', row('team', 'red', ANN), 'granted'],
    ['not in the other', inRed, 'tools.create', row('team', 'blue', ANN), 'permission_elsewhere'],
    ['changed by the row’s owner', inRed, 'tools.update', row('team', 'red', ANN), 'granted'],
    ['not by another member', inRed, 'tools.update', row('team', 'red', BOB), 'not_owner'],
    ['but by an owner of the team', owner, 'tools.delete', row('team', 'red', BOB), 'granted'],
    ['also when it is public', owner, 'tools.delete', row('public', 'red', BOB), 'granted'],
    ['a viewer changes nothing', viewer, 'tools.update', row('team', 'red', ANN), 'permission_missing'],
    ['own private rows by the personal team', personal, 'tools.update', row('private', null, ANN), 'granted'],
    [
      'public rows not by the personal team',
      personal,
      'tools.execute',
      row('public', null, BOB),
      'permission_elsewhere',
    ],
    ['own private rows not by a shared team', inRed, 'tools.read', row('private', null, ANN), 'permission_elsewhere'],
    ['others’ private rows are hidden', personal, 'tools.read', row('private', null, BOB), 'not_visible'],
    ['own private rows of a team by the role there', inRed, 'tools.update', row('private', 'red', ANN), 'granted'],
    ['everything of one’s own by a role everywhere', everywhere, 'tools.update', row('private', null, ANN), 'granted'],
    ['rows of teams that one is not in are hidden', everywhere, 'tools.read', row('team', 'red', ANN), 'not_visible'],
  ])('%s', (_, principal, action, target, reason) => {
    expect(decide(principal, action, target).reason).toBe(reason);
  });

  it('of a route about one team is that team', () => {
    expect(decide(inRed, 'tools.create', undefined, 'red').reason).toBe('granted');
    expect(decide(inRed, 'tools.create', undefined, 'blue').reason).toBe('permission_missing');
    // Whether the caller may know of another team, whoever reads it says.
    expect(decide(inRed, 'tools.create', undefined, 'green').reason).toBe('granted');
  });
});

describe('an administrator', () => {
  const admin = { ...administrator, grants: holding('*') };
  const member = {
    ...administrator,
    roles: [heldRole('platform_admin', ['*'])],
    grants: compileGrants([heldRole('platform_admin', ['*'])], [{ id: 'red', owner: false, personal: false }]),
    ownedTeams: new Set<string>(),
  };

  it('is said to be one only where roles and ownership did not suffice', () => {
    expect(decide(admin, 'tools.execute', row('public', null, BOB)).reason).toBe('granted');
    expect(decide(admin, 'tools.update', row('public', null, admin.subject)).reason).toBe('granted');
    expect(decide(admin, 'tools.update', row('public', null, BOB)).reason).toBe('admin');
    expect(decide(member, 'tools.execute', row('team', 'red', BOB)).reason).toBe('granted');
    expect(decide(member, 'tools.execute', row('team', 'blue', BOB)).reason).toBe('admin');
    expect(decide({ ...admin, grants: holding() }, 'admin.system_config').reason).toBe('admin');
  });

  it('does not see private rows of others', () => {
    expect(decide(admin, 'tools.read', row('private', null, BOB)).reason).toBe('not_visible');
  });

  it('has nothing about the platform with a credential that is narrowed, whatever its roles', () => {
    for (const action of ['admin.user_management', 'policies.create'] as const)
      expect(decide({ ...admin, teams: narrowedTo('red') }, action).reason).toBe('narrowed');
  });
});
