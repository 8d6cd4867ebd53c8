import { ALL_TEAMS, compileRestrictions, type Principal } from '#libs/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { narrowedTo, publicOnly } from '../../test/fixtures/principals.js';
import { refusalOf } from '../../test/fixtures/refusal-of.js';
import { TokenCatalogue } from '../../test/fixtures/token-catalogue.js';
import { ApiTokenReader } from './api-token-reader.js';
import type { ApiToken } from './api-token.entity.js';

const PAGE = { include_inactive: false, limit: 50, offset: 0 };

describe(ApiTokenReader.name, () => {
  let identity: Identity;
  let catalogue: TokenCatalogue;
  let reader: ApiTokenReader;
  let admin: Principal;
  let ann: Principal;
  let bob: Principal;
  let eve: Principal;
  let annRed: ApiToken;
  let bobRed: ApiToken;
  let bobOwn: ApiToken;

  const mint = async (caller: Principal, name: string, more: object = {}): Promise<ApiToken> =>
    (await catalogue.mint.create(caller, { name, expires_in_days: 1, ...more })).record.token;
  const names = ([records]: readonly [readonly { token: ApiToken }[], number]): string[] =>
    records.map(({ token }) => token.name).toSorted();

  beforeAll(async () => {
    identity = await Identity.open();
    catalogue = new TokenCatalogue(identity);
    ({ reader } = catalogue);
    admin = await catalogue.session('admin@example.com', { isAdmin: true, teams: ALL_TEAMS });
    ann = await catalogue.session('ann@example.com');
    bob = await catalogue.session('bob@example.com');
    eve = await catalogue.session('eve@example.com');
    await catalogue.addTeam('red', { [ann.userId ?? '']: 'owner', [bob.userId ?? '']: 'member' });
    annRed = await mint(ann, 'ann red', { team_id: 'red' });
    bobRed = await mint(bob, 'bob red', { team_id: 'red' });
    bobOwn = await mint(bob, 'bob own');
  });
  afterAll(() => identity.close());

  it('lists one’s own, and those of teams that one owns', async () => {
    expect(names(await reader.list(ann, PAGE))).toEqual(['ann red', 'bob red']);
    expect(names(await reader.list(bob, PAGE))).toEqual(['bob own', 'bob red']);
    expect(names(await reader.list(eve, PAGE))).toEqual([]);
    expect((await reader.list(bob, { ...PAGE, limit: 1 }))[1]).toBe(2);
  });

  it('shows one token to its user and the owner of its team, whichever way the id is written', async () => {
    for (const caller of [bob, ann])
      expect((await reader.get(caller, bobRed.id.toUpperCase())).owner).toBe('bob@example.com');
    const hidden = [
      [ann, bobOwn.id],
      [bob, annRed.id],
      [eve, bobRed.id],
      [admin, bobOwn.id],
      [ann, 'nonsense'],
      [ann, ''],
    ] as const;
    for (const [caller, id] of hidden)
      expect(await refusalOf(reader.get(caller, id))).toMatchObject({ status: 404, detail: 'Token not found' });
  });

  it('gives nobody another’s token to change, the owner of the team neither', async () => {
    expect((await reader.own(bob, bobRed.id)).token.id).toBe(bobRed.id);
    expect(await refusalOf(reader.own(ann, bobRed.id))).toMatchObject({ status: 403 });
    expect(await refusalOf(reader.own(eve, bobRed.id))).toMatchObject({ status: 404 });
  });

  it('lists a team: all for its owner, one’s own for a member, nothing for others', async () => {
    expect(names(await reader.ofTeam(ann, 'red', PAGE))).toEqual(['ann red', 'bob red']);
    expect(names(await reader.ofTeam(bob, 'red', PAGE))).toEqual(['bob red']);
    for (const [caller, team] of [
      [eve, 'red'],
      [admin, 'red'],
      [ann, 'nowhere'],
    ] as const)
      expect(await refusalOf(reader.ofTeam(caller, team, PAGE))).toMatchObject({
        status: 404,
        detail: 'Team not found',
      });
  });

  it('forgets the teams of a session that was narrowed to others', async () => {
    for (const teams of [publicOnly.teams, narrowedTo('blue')]) {
      const narrowed = { ...ann, teams };
      expect(names(await reader.list(narrowed, PAGE))).toEqual(['ann red']);
      expect(await refusalOf(reader.ofTeam(narrowed, 'red', PAGE))).toMatchObject({ status: 404 });
      expect(await refusalOf(reader.get(narrowed, bobRed.id))).toMatchObject({ status: 404 });
    }
    expect(names(await reader.list({ ...ann, teams: narrowedTo('red') }, PAGE))).toEqual(['ann red', 'bob red']);
  });

  it('lists everything for an administrator', async () => {
    const list = async (more: object) => names(await reader.everything(admin, { ...PAGE, ...more }));
    expect(await list({})).toEqual(['ann red', 'bob own', 'bob red']);
    expect(await list({ user_email: 'BOB@example.com' })).toEqual(['bob own', 'bob red']);
    expect(await list({ team_id: 'red' })).toEqual(['ann red', 'bob red']);
    expect(await list({ user_email: 'ann@example.com', team_id: 'blue' })).toEqual([]);
    expect((await reader.any(admin, bobOwn.id)).owner).toBe('bob@example.com');
    expect(await refusalOf(reader.any(admin, 'nonsense'))).toMatchObject({ status: 404 });
  });

  const none = { serverId: null, permissions: [], ipRestrictions: [], timeRules: [] };
  it.each<[string, Partial<Principal>, string]>([
    ['who is none', { isAdmin: false }, 'Admin access required'],
    ['narrowed to what is public', { teams: publicOnly.teams }, 'Token oversight requires un-narrowed admin access'],
    ['narrowed to a team', { teams: narrowedTo('red') }, 'Token oversight requires un-narrowed admin access'],
    [
      'capped to a permission',
      { restrictions: compileRestrictions({ ...none, permissions: ['tokens.*'] }) },
      'Token oversight requires un-narrowed admin access',
    ],
    ['with a token', { kind: 'api_token' }, 'Token management requires an interactive session'],
  ])('refuses oversight to an administrator %s', async (_, more, text) => {
    const caller = { ...admin, ...more };
    const told = { status: 403, detail: expect.stringContaining(text) };
    expect(await refusalOf(reader.everything(caller, PAGE))).toMatchObject(told);
    expect(await refusalOf(reader.any(caller, bobOwn.id))).toMatchObject(told);
  });

  it('is for sessions alone', async () => {
    for (const kind of ['api_token', 'basic', 'proxy', 'anonymous'] as const) {
      const caller = { ...bob, kind };
      const refused = { status: 403, reason: 'session_required' };
      expect(await refusalOf(reader.list(caller, PAGE))).toMatchObject(refused);
      expect(await refusalOf(reader.get(caller, bobOwn.id))).toMatchObject(refused);
      expect(await refusalOf(reader.ofTeam(caller, 'red', PAGE))).toMatchObject(refused);
    }
  });
});
