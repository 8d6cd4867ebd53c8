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
import { EveryTeam } from '../../../test/fixtures/fakes/every-team.js';
import { plainAccess } from '../../../test/fixtures/rbac/plain-access.js';
import { GatewayError } from '../../http/errors.js';
import { Ownership } from './ownership.js';

const TEAM = '9779b6698cbd4b4995ee04a4fab38737';
const GONE = 'f'.repeat(32);
const ANN = 'ann@example.com';
const ownership = new Ownership(plainAccess(), new EveryTeam(GONE));

const demand = (who: typeof publicOnly, visibility: Visibility, teamId: string | null) =>
  ownership.demand(who, 'gateways.create', { visibility, teamId, ownerEmail: who.subject });

async function refusal(work: () => Promise<unknown>): Promise<GatewayError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('it was not refused');
}

describe(Ownership.name, () => {
  it.each(['team', 'private'] as const)('keeps a public-only token from making %s rows', async (visibility) => {
    const error = await refusal(() => demand(publicOnly, visibility, null));
    expect(error.status).toBe(403);
    expect(error.message).toContain('Public-only tokens cannot create team or private resources');
  });

  it('keeps a public-only token from writing in the name of a team', async () => {
    expect((await refusal(() => demand(publicOnly, 'public', TEAM))).status).toBe(403);
  });

  it.each([memberOf('another'), narrowedTo('another'), memberOf()])('keeps others out of a team: %j', async (teams) => {
    for (const visibility of ['public', 'team', 'private'] as const) {
      const error = await refusal(() => demand(somebody(ANN, teams), visibility, TEAM));
      expect(error.status).toBe(403);
      expect(error.message).toBe('Access denied: you do not belong to this team');
      const token = somebody(ANN, teams, { kind: 'api_token' });
      expect((await refusal(() => demand(token, visibility, TEAM))).message).toContain('This API token does not have');
    }
  });

  it('lets members write for their team, however the id is spelled', async () => {
    const spelled = '9779B669-8CBD-4B49-95EE-04A4FAB38737';
    expect(await demand(somebody(ANN, memberOf(TEAM)), 'team', spelled)).toEqual({
      visibility: 'team',
      teamId: TEAM,
      ownerEmail: ANN,
      tenant: TEAM,
    });
  });

  it('wants a team for team rows', async () => {
    expect((await refusal(() => demand(somebody(ANN, memberOf(TEAM)), 'team', null))).status).toBe(422);
    expect((await refusal(() => demand(administrator, 'team', null))).status).toBe(422);
  });

  it('gives private rows to a person, but not to a token that is narrowed to teams and would lose sight of them', async () => {
    expect(await demand(somebody(ANN, memberOf()), 'private', null)).toMatchObject({ tenant: ANN });
    expect((await refusal(() => demand(somebody(ANN, narrowedTo(TEAM)), 'private', null))).status).toBe(403);
    expect(await demand(somebody(ANN, narrowedTo(TEAM)), 'private', TEAM)).toMatchObject({ teamId: TEAM });
  });

  it('lets an administrator write for any team', async () => {
    expect(await demand(administrator, 'team', TEAM)).toMatchObject({ tenant: TEAM });
  });

  it('lets nobody write for a team that is not there', async () => {
    const error = await refusal(() => demand(administrator, 'team', GONE));
    expect(error).toMatchObject({ status: 422, detail: [{ loc: ['body', 'teamId'], msg: 'teamId names no team' }] });
  });

  it('says where somebody holds the permission who holds it in places only', async () => {
    const role = heldRole('developer', ['gateways.*'], TEAM);
    const personal = heldRole('developer', ['gateways.*'], 'personal-ann');
    const inTeam = await refusal(() => demand(withRoles(ANN, [TEAM], [role]), 'public', null));
    expect(inTeam).toMatchObject({ status: 403, reason: 'permission_elsewhere' });
    expect(inTeam.message).toMatch(/you hold gateways\.create in teams only.*: give the team_id of a team/);
    expect(inTeam.message).not.toContain("'private'");
    const inBoth = await refusal(() =>
      demand(withRoles(ANN, [TEAM, 'personal-ann'], [role, personal]), 'public', null),
    );
    expect(inBoth.message).toMatch(/give the team_id .*, or set visibility to 'private'$/);
    const ownOnly = await refusal(() => demand(withRoles(ANN, [TEAM, 'personal-ann'], [personal]), 'public', null));
    expect(ownOnly.message).toMatch(/: set visibility to 'private'$/);
    const other = await refusal(() => demand(withRoles(ANN, [TEAM, 'b'], [role]), 'team', 'b'));
    expect(other.message).toBe('Access denied: you hold gateways.create, but not in this team');
    for (const { message } of [inTeam, inBoth, ownOnly, other]) expect(message).not.toContain(TEAM);
  });

  it('refuses whoever lacks the permission', async () => {
    const error = await refusal(() => demand(somebody(ANN, ALL_TEAMS, { grants: holding() }), 'public', null));
    expect(error).toMatchObject({ status: 403, reason: 'permission_missing' });
  });
});
