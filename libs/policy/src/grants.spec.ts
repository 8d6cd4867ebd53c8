import { describe, expect, it } from 'vitest';
import { heldRole } from '../../../test/fixtures/principals.js';
import { compileGrants, grantedEverywhere, type HeldRole, keepsGrants } from './grants.js';
import { expandPermissions } from './permissions.js';

const RED = { id: 'red', owner: false, personal: false };
const OWN = { id: 'own', owner: true, personal: true };
const personal: HeldRole = { ...heldRole('tinkerer', ['tools.create']), scope: 'personal' };
const sorted = (set: ReadonlySet<string> | undefined): string[] => [...(set ?? [])].sort();

describe(compileGrants.name, () => {
  it('grants what holds everywhere in every place', () => {
    const grants = compileGrants([heldRole('a', ['tags.read'])], [RED, OWN]);
    for (const set of [
      grants.everywhere,
      grants.inTeams.get('red'),
      grants.inTeams.get('own'),
      grants.personal,
      grants.onPublic,
      grants.anywhere,
    ])
      expect(sorted(set)).toEqual(['tags.read']);
  });

  it('grants what holds in a team there, on public rows, and at doors', () => {
    const grants = compileGrants([heldRole('a', ['tags.read'], 'red')], [RED, { ...RED, id: 'blue' }]);
    expect(sorted(grants.inTeams.get('red'))).toEqual(['tags.read']);
    expect(sorted(grants.inTeams.get('blue'))).toEqual([]);
    expect(sorted(grants.everywhere)).toEqual([]);
    expect(sorted(grants.personal)).toEqual([]);
    expect([sorted(grants.onPublic), sorted(grants.anywhere)]).toEqual([['tags.read'], ['tags.read']]);
  });

  it('grants what holds in the team of one over own things, not on public rows', () => {
    const grants = compileGrants([heldRole('a', ['tags.read'], 'own'), personal], [OWN]);
    expect(sorted(grants.personal)).toEqual(['servers.use', 'tags.read', 'tools.create']);
    expect(sorted(grants.onPublic)).toEqual([]);
    expect(sorted(grants.anywhere)).toEqual(['servers.use', 'tags.read', 'tools.create']);
    expect(sorted(grants.inTeams.get('own'))).toEqual(['tags.read']);
  });

  it('grants nothing of a team that does not count', () => {
    const grants = compileGrants([heldRole('a', ['tags.read'], 'red')], []);
    expect([grants.inTeams.size, grants.anywhere.size]).toEqual([0, 0]);
  });

  it('grants nothing about the platform by what holds in one place', () => {
    const grants = compileGrants(
      [heldRole('a', ['*'], 'red'), { ...personal, permissions: expandPermissions(['*']) }],
      [RED, OWN],
    );
    for (const set of [grants.inTeams.get('red'), grants.personal, grants.anywhere]) {
      expect(sorted(set).filter((name) => /^(admin|policies)\./.test(name))).toEqual([]);
      expect(sorted(set)).toContain('gateways.delete');
    }
    expect(compileGrants([heldRole('a', ['*'])], [RED]).inTeams.get('red')).toContain('admin.user_management');
  });
});

describe(keepsGrants.name, () => {
  const of = (...patterns: string[]) => grantedEverywhere(expandPermissions(patterns));
  const inRed = (...patterns: string[]) => compileGrants([heldRole('a', patterns, 'red')], [RED]);

  it('holds when nothing is less, in any place', () => {
    expect(keepsGrants(of('tags.read'), of('tags.read', 'teams.read'))).toBe(true);
    expect(keepsGrants(of('tags.read', 'teams.read'), of('tags.read'))).toBe(false);
    expect(keepsGrants(inRed('tags.read'), inRed('tags.read'))).toBe(true);
    expect(keepsGrants(inRed('tags.read'), inRed())).toBe(false);
    expect(keepsGrants(inRed('tags.read'), of('tags.read'))).toBe(true);
    expect(keepsGrants(inRed('tags.read'), compileGrants([], []))).toBe(false);
    expect(keepsGrants(compileGrants([personal], []), compileGrants([], []))).toBe(false);
  });
});
