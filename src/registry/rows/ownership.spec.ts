import { ALL_TEAMS, type Visibility } from '#libs/policy';
import { describe, expect, it } from 'vitest';
import {
  heldRole,
  holding,
  administrator,
  memberOf,
  narrowedTo,
  publicOnly,
  somebody,
  withRoles,
} from '../../../test/fixtures/principals.js';
import { plainAccess } from '../../../test/fixtures/rbac/plain-access.js';
import { GatewayError } from '../../http/errors.js';
import { Ownership } from './ownership.js';

const TEAM = '9779b6698cbd4b4995ee04a4fab38737';
const ANN = 'ann@example.com';
const ownership = new Ownership(plainAccess());

const demand = (who: typeof publicOnly, visibility: Visibility, teamId: string | null) =>
  ownership.demand(who, 'gateways.create', { visibility, teamId, ownerEmail: who.subject });

function refusal(work: () => unknown): GatewayError {
  try {
    work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('it was not refused');
}

describe(Ownership.name, () => {
  it.each(['team', 'private'] as const)('keeps a public-only token from making %s rows', (visibility) => {
    const error = refusal(() => demand(publicOnly, visibility, null));
    expect(error.status).toBe(403);
    expect(error.message).toContain('Public-only tokens cannot create team or private resources');
  });

  it('keeps a public-only token from writing in the name of a team', () => {
    expect(refusal(() => demand(publicOnly, 'public', TEAM)).status).toBe(403);
  });

  it.each([memberOf('another'), narrowedTo('another'), memberOf()])('keeps others out of a team: %j', (teams) => {
    for (const visibility of ['public', 'team', 'private'] as const) {
      const error = refusal(() => demand(somebody(ANN, teams), visibility, TEAM));
      expect(error.status).toBe(403);
      expect(error.message).toContain('required permissions for this team');
    }
  });

  it('lets members write for their team, however the id is spelled', () => {
    const spelled = '9779B669-8CBD-4B49-95EE-04A4FAB38737';
    expect(demand(somebody(ANN, memberOf(TEAM)), 'team', spelled)).toEqual({
      visibility: 'team',
      teamId: TEAM,
      ownerEmail: ANN,
      tenant: TEAM,
    });
  });

  it('wants a team for team rows', () => {
    expect(refusal(() => demand(somebody(ANN, memberOf(TEAM)), 'team', null)).status).toBe(422);
    expect(refusal(() => demand(administrator, 'team', null)).status).toBe(422);
  });

  it('gives private rows to a person, but not to a token that is narrowed to teams and would lose sight of them', () => {
    expect(demand(somebody(ANN, memberOf()), 'private', null)).toMatchObject({ tenant: ANN });
    expect(refusal(() => demand(somebody(ANN, narrowedTo(TEAM)), 'private', null)).status).toBe(403);
    expect(demand(somebody(ANN, narrowedTo(TEAM)), 'private', TEAM)).toMatchObject({ teamId: TEAM });
  });

  it('lets an administrator write for any team', () => {
    expect(demand(administrator, 'team', TEAM)).toMatchObject({ tenant: TEAM });
  });

  it('says where somebody holds the permission who holds it in places only', () => {
    const role = heldRole('developer', ['gateways.*'], TEAM);
    const personal = heldRole('developer', ['gateways.*'], 'personal-ann');
    const inTeam = refusal(() => demand(withRoles(ANN, [TEAM], [role]), 'public', null));
    expect(inTeam).toMatchObject({ status: 403, reason: 'permission_elsewhere' });
    expect(inTeam.message).toMatch(/you hold gateways\.create in teams only.*: give the team_id of a team/);
    expect(inTeam.message).not.toContain("'private'");
    const inBoth = refusal(() => demand(withRoles(ANN, [TEAM, 'personal-ann'], [role, personal]), 'public', null));
    expect(inBoth.message).toMatch(/give the team_id .*, or set visibility to 'private'$/);
    const ownOnly = refusal(() => demand(withRoles(ANN, [TEAM, 'personal-ann'], [personal]), 'public', null));
    expect(ownOnly.message).toMatch(/: set visibility to 'private'$/);
    const other = refusal(() => demand(withRoles(ANN, [TEAM, 'b'], [role]), 'team', 'b'));
    expect(other.message).toBe('Access denied: you hold gateways.create, but not in this team');
    for (const { message } of [inTeam, inBoth, ownOnly, other]) expect(message).not.toContain(TEAM);
  });

  it('refuses whoever lacks the permission', () => {
    const error = refusal(() => demand(somebody(ANN, ALL_TEAMS, { grants: holding() }), 'public', null));
    expect(error).toMatchObject({ status: 403, reason: 'permission_missing' });
  });
});
