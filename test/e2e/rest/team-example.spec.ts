import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routesOf } from '../../../src/http/routes.js';
import { House, type Person } from '../auth/house.js';

/** What `docs/guides/teams.md` shows, with the settings as they come. */
describe('people with ordinary accounts', () => {
  let house: House;
  let ann: Person;
  let bob: Person;
  let cat: Person;
  let teamId: string;
  beforeAll(async () => {
    house = await House.open();
    [ann, bob, cat] = [await house.person(), await house.person(), await house.person()];
  });
  afterAll(() => house.running.stop());

  const as = ({ session }: Person, method: string, path: string, body?: object) =>
    house.running.rest(method, path, body, session);
  const status = async (...call: Parameters<typeof as>): Promise<number> => (await as(...call)).status;

  it('found a team, invite into it and let others in', async () => {
    const made = await as(ann, 'POST', '/teams', { name: 'The Reds', visibility: 'public', max_members: 10 });
    expect([made.status, made.body]).toMatchObject([201, { slug: 'the-reds', member_count: 1 }]);
    teamId = made.body.id;
    const invited = await as(ann, 'POST', `/teams/${teamId}/invitations`, { email: bob.email, role: 'owner' });
    expect(invited.status).toBe(201);
    const accepted = await as(bob, 'POST', `/teams/invitations/${invited.body.token}/accept`);
    expect(accepted.body).toMatchObject({ user_email: bob.email, role: 'owner' });
    expect((await as(cat, 'GET', '/teams/discover')).body).toMatchObject([{ id: teamId, is_joinable: true }]);
    const asked = await as(cat, 'POST', `/teams/${teamId}/join`, { message: 'It is me' });
    expect(asked.body).toMatchObject({ status: 'pending' });
    const approved = await as(bob, 'POST', `/teams/${teamId}/join-requests/${asked.body.id}/approve`);
    expect(approved.body).toMatchObject({ user_email: cat.email, role: 'member' });
    const { body: history } = await as(ann, 'GET', `/teams/${teamId}/history`);
    expect(history.map(({ action }: { action: string }) => action)).toEqual(['added', 'added', 'added']);
  });

  it('run a team as owners, and not as members', async () => {
    for (const [method, path, body] of [
      ['PUT', `/members/${cat.email}`, { role: 'owner' }],
      ['DELETE', `/members/${ann.email}`, undefined],
      ['POST', '/members', { email: cat.email, role: 'owner' }],
      ['POST', '/invitations', { email: 'dan@example.com' }],
      ['GET', '/history', undefined],
      ['PUT', '', { name: 'The Cats' }],
      ['DELETE', '', undefined],
    ] as const)
      expect([method, path, await status(cat, method, `/teams/${teamId}${path}`, body)]).toEqual([method, path, 403]);
    expect(await status(cat, 'GET', `/teams/${teamId}/members`)).toBe(200);
    expect(await status(bob, 'PUT', `/teams/${teamId}`, { description: 'Ours' })).toBe(200);
  });

  it('make and change what the team has as its owners; members use it', async () => {
    const wish = { server: { name: 'of the reds' }, team_id: teamId, visibility: 'team' };
    expect(await status(cat, 'POST', '/servers', wish)).toBe(403);
    const { status: made, body } = await as(ann, 'POST', '/servers', wish);
    expect([made, body]).toMatchObject([201, { visibility: 'team' }]);
    expect(await status(cat, 'GET', `/servers/${body.id}`)).toBe(200);
    expect(await status(cat, 'PUT', `/servers/${body.id}`, { description: 'mine' })).toBe(403);
    expect(await status(bob, 'PUT', `/servers/${body.id}`, { description: 'ours' })).toBe(200);
    const stranger = await house.person();
    expect(await status(stranger, 'GET', `/servers/${body.id}`)).toBe(404);
    expect(await status(bob, 'DELETE', `/teams/${teamId}/members/${cat.email}`)).toBe(200);
    expect(await status(cat, 'GET', `/servers/${body.id}`)).toBe(404);
  });

  it('do not when the settings say so', async () => {
    for (const [variables, detail] of [
      [{ ALLOW_TEAM_CREATION: 'false' }, 'Team creation is currently disabled'],
      [{ AUTO_CREATE_PERSONAL_TEAMS: 'false' }, 'Access denied'],
    ] as const) {
      const other = await House.open(variables);
      const person = await other.person();
      const answer = await other.running.rest('POST', '/teams', { name: 'None' }, person.session);
      expect([answer.status, answer.body.detail]).toEqual([403, detail]);
      expect((await other.running.rest('POST', '/teams', { name: 'One' })).status).toBe(201);
      await other.running.stop();
    }
  });

  it('are asked for what they hold in the team: each route about one team names it alike', () => {
    const paths = routesOf(house.running.gateway.app).map(({ path }) => path);
    const aboutOne = paths.filter((path) => /^\/(tokens\/)?teams\/:/.test(path));
    expect(aboutOne.length).toBeGreaterThan(15);
    expect(aboutOne.filter((path) => !/^\/(tokens\/)?teams\/:teamId(\/|$)/.test(path))).toEqual([]);
  });
});
