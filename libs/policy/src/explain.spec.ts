import { describe, expect, it } from 'vitest';
import { administrator, heldRole, narrowedTo, publicOnly, withRoles } from '../../../test/fixtures/principals.js';
import { SeededRandom } from '../../../test/fixtures/seeded-random.js';
import { decide } from './decide.js';
import type { Reason } from './decision.js';
import { explain, type Explanation, PLAIN_CONTEXT } from './explain.js';
import { compileGrants, type HeldRole } from './grants.js';
import { expandPermissions, type Permission, PERMISSIONS } from './permissions.js';
import type { Principal } from './principal.js';
import { BUILT_IN_ROLES, ROLE_SCOPES } from './roles.js';
import { ALL_TEAMS, PUBLIC_ONLY, type TeamScope } from './team-scope.js';
import { SENDER_CONSTRAINTS } from './sender-constraint.js';
import { type OwnedRow, VISIBILITIES } from './visibility.js';

const EVERY = Object.keys(PERMISSIONS) as Permission[];
/** What asks for most. */
const CHANGES = EVERY.filter((name) => /\.(update|delete)$/.test(name));
const USE = ['servers.use'] as const;
const PEOPLE = ['ann@example.com', 'bob@example.com'];
const TEAMS = ['red', 'blue', 'personal'];
const ANN = 'ann@example.com';

/** What the steps say, read as the text above them tells people to. */
function readSteps({ steps }: Explanation): Reason {
  const fails = (name: string): boolean => steps.some(({ step, passed }) => step === name && !passed);
  if (fails('token')) return 'token_permission_scope';
  if (fails('narrowing')) return 'narrowed';
  if (!fails('administrator')) {
    if (fails('visibility')) return 'not_visible';
    if (fails('binding')) return 'sender_constraint';
    return ['roles', 'place', 'ownership'].some(fails) ? 'admin' : 'granted';
  }
  if (fails('roles')) return 'permission_missing';
  if (fails('visibility')) return 'not_visible';
  if (fails('place')) return 'permission_elsewhere';
  if (fails('ownership')) return 'not_owner';
  return fails('binding') ? 'sender_constraint' : 'granted';
}

function randomPrincipal(random: SeededRandom): Principal {
  const isAdmin = random.below(4) === 0;
  const ids = random.several(3, () => random.pick(TEAMS));
  const scopes: TeamScope[] = [PUBLIC_ONLY, { kind: 'teams', ids: new Set(ids), narrowed: random.below(2) === 0 }];
  const teams = isAdmin && random.below(2) === 0 ? ALL_TEAMS : random.pick(scopes);
  const member = teams.kind === 'teams' ? [...teams.ids] : teams.kind === 'all' ? [...new Set(ids)] : [];
  const roles = random.several(4, (): HeldRole => {
    const scope = random.pick(ROLE_SCOPES);
    const patterns =
      random.below(3) === 0
        ? random.several(6, () => random.pick(EVERY))
        : random.pick(Object.values(BUILT_IN_ROLES)).permissions;
    return {
      name: `role ${random.below(9)}`,
      scope,
      teamId: scope === 'team' ? random.pick(TEAMS) : null,
      source: 'manual',
      permissions: expandPermissions(patterns),
    };
  });
  const held = member.map((id) => ({ id, owner: random.below(3) === 0, personal: id === 'personal' }));
  const cap = random.below(3) === 0 ? { permissions: new Set(random.several(20, () => random.pick(EVERY))) } : {};
  return {
    ...publicOnly,
    subject: random.pick(PEOPLE),
    isAdmin,
    teams,
    roles,
    grants: compileGrants(roles, held),
    ownedTeams: new Set(held.filter(({ owner }) => owner).map(({ id }) => id)),
    restrictions: { timeRules: [], ...cap },
    binding: { ...(random.below(3) === 0 && { jkt: 'key' }), ...(random.below(3) === 0 && { x5t: 'hash' }) },
  };
}

const randomRow = (random: SeededRandom): OwnedRow => ({
  visibility: random.pick(VISIBILITIES),
  teamId: random.pick([...TEAMS, null]),
  ownerEmail: random.pick([...PEOPLE, null]),
  senderConstrained: random.pick(SENDER_CONSTRAINTS),
});

describe(explain.name, () => {
  it('says what the rule decides, for whoever asks about whatever', () => {
    const random = new SeededRandom(7);
    const seen = new Map<Reason, number>();
    for (let round = 0; round < 20_000; round += 1) {
      const principal = randomPrincipal(random);
      const action = random.pick(random.pick([EVERY, EVERY, CHANGES, CHANGES, USE]));
      const row = random.below(3) === 0 ? undefined : randomRow(random);
      const teamId = random.below(2) === 0 ? undefined : random.pick(TEAMS);
      const answer = explain(principal, action, row, teamId);
      const expected = decide(principal, action, row, teamId);
      if (readSteps(answer) !== expected.reason || answer.decision !== expected)
        expect({ round, principal, action, row, teamId, answer }).toEqual(expected.reason);
      if ((answer.needed.length === 0) !== expected.allowed) expect({ round, answer }).toEqual(expected);
      seen.set(expected.reason, (seen.get(expected.reason) ?? 0) + 1);
    }
    // Or the rounds would prove little.
    const reasons = [
      'granted',
      'admin',
      'token_permission_scope',
      'narrowed',
      'permission_missing',
      'permission_elsewhere',
      'not_visible',
      'not_owner',
      'sender_constraint',
    ] as const;
    for (const reason of reasons) expect([reason, (seen.get(reason) ?? 0) > 200]).toEqual([reason, true]);
  });

  const text = ({ steps, needed }: Explanation): string => [...steps.map((step) => step.text), ...needed].join('\n');
  const red: OwnedRow = { visibility: 'team', teamId: 'red', ownerEmail: 'bob@example.com' };
  const named = { ...PLAIN_CONTEXT, teamName: (id: string) => `Team ${id.toUpperCase()}` };

  it('names the role that granted it, and where', () => {
    const viewer = withRoles(
      ANN,
      ['red'],
      [heldRole('viewer', ['tools.execute'], 'red'), heldRole('other', ['tags.read'])],
    );
    expect(text(explain(viewer, 'tools.execute', red, undefined, named))).toContain(
      'tools.execute is granted by viewer in Team RED (manual).',
    );
  });

  it('names the roles that were looked at, and those that would do', () => {
    const viewer = withRoles(ANN, ['red'], [heldRole('onlooker', ['tags.read'], 'red')]);
    const said = text(explain(viewer, 'tools.execute', red, undefined, named));
    expect(said).toContain('looked at: onlooker in Team RED (manual).');
    expect(said).toMatch(
      /a role with tools\.execute in the team Team RED, .*: platform_admin, team_admin, developer, viewer/,
    );
  });

  it('names only roles that could be given in the place', () => {
    const nobody = withRoles(ANN, ['red'], []);
    expect(text(explain(nobody, 'admin.system_config'))).toContain('there are: platform_admin');
    expect(text(explain(nobody, 'tools.create', { visibility: 'public', teamId: null, ownerEmail: ANN }))).toContain(
      'there are: platform_admin',
    );
    expect(explain(nobody, 'tools.read', undefined, undefined, { ...PLAIN_CONTEXT, roles: [] }).needed[0]).toContain(
      'none, so one would have to be made',
    );
  });

  it('tells a narrowed token from a missing membership', () => {
    expect(explain(withRoles(ANN, [], [heldRole('v', ['tools.read'])]), 'tools.read', red).needed).toContain(
      'membership of the team red',
    );
    const narrowed = { ...withRoles(ANN, [], [heldRole('v', ['tools.read'])]), teams: narrowedTo('blue') };
    expect(explain(narrowed, 'tools.read', red).needed.join()).toContain('a sign-in or a token that names the team');
    const admin = { ...administrator, teams: narrowedTo('blue') };
    expect(explain(admin, 'admin.system_config').needed).toEqual([
      "a sign-in, or an administrator's token that names no teams",
    ]);
    expect(text(explain(admin, 'admin.system_config'))).toContain('a narrowed credential is an ordinary one');
  });

  it('asks a narrowed credential for its reach, not for a role that its user may hold beyond it', () => {
    const token = { ...withRoles(ANN, [], []), teams: PUBLIC_ONLY };
    expect(explain(token, 'tools.delete', red).needed).toEqual([
      'membership of the team red, and a sign-in or a token that names the team',
    ]);
    const open: OwnedRow = { visibility: 'public', teamId: null, ownerEmail: null };
    expect(explain(token, 'tools.execute', open).needed).toEqual([
      expect.stringContaining(
        'as far as the credential reaches (a sign-in, or a token that names its team); there are:',
      ),
    ]);
  });

  it('keeps quiet about roles that the reader may not know of', () => {
    const ann = withRoles(ANN, ['red', 'blue'], [heldRole('secret', ['tools.read'], 'blue')]);
    const discreet = { ...PLAIN_CONTEXT, mayName: ({ teamId }: HeldRole) => teamId !== 'blue' };
    const open: OwnedRow = { visibility: 'public', teamId: 'red', ownerEmail: null };
    for (const action of ['tools.read', 'tools.update'] as const)
      expect(text(explain(ann, action, open, undefined, discreet))).not.toMatch(/secret|blue/);
    expect(text(explain(ann, 'tools.read', open, undefined, discreet))).toContain('roles that are not shown here');
  });
});
