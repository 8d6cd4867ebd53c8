import { ALL_TEAMS, type Principal } from '#libs/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { holding, publicOnly } from '../../test/fixtures/principals.js';
import { refusalOf } from '../../test/fixtures/refusal-of.js';
import { TokenCatalogue } from '../../test/fixtures/token-catalogue.js';
import { TokenHolders } from './token-holders.js';

describe(TokenHolders.name, () => {
  let identity: Identity;
  let catalogue: TokenCatalogue;
  let admin: Principal;
  let ann: Principal;
  let names = 0;
  beforeAll(async () => {
    identity = await Identity.open();
    catalogue = new TokenCatalogue(identity);
    admin = await catalogue.session('admin@example.com', { isAdmin: true, teams: ALL_TEAMS });
    ann = await catalogue.session('ann@example.com');
    await catalogue.addTeam('red', { [ann.userId ?? '']: 'member' });
    await catalogue.addTeam('blue', { [admin.userId ?? '']: 'owner' });
  });
  afterAll(() => identity.close());

  const mint = (caller: Principal, more: object) =>
    catalogue.mint.create(caller, { name: `token ${(names += 1)}`, expires_in_days: 1, ...more });

  describe('for somebody else', () => {
    it('lets an administrator make a token that is the other’s and not his', async () => {
      const { record, text } = await mint(admin, { user_email: 'Ann@example.com' });
      expect(record).toMatchObject({ owner: 'ann@example.com', token: { createdBy: 'admin@example.com' } });
      expect(await catalogue.resolve(text)).toMatchObject({ subject: 'ann@example.com', isAdmin: false });
      expect((await catalogue.reader.own(ann, record.token.id)).token.id).toBe(record.token.id);
      expect(await refusalOf(catalogue.reader.get(admin, record.token.id))).toMatchObject({ status: 404 });
    });

    it('grants at most what the other holds', async () => {
      const scope = { permissions: ['gateways.create'] };
      expect(await refusalOf(mint(admin, { user_email: 'ann@example.com', scope }))).toMatchObject({
        status: 400,
        detail:
          "scope.permissions: Cannot grant permission 'gateways.create' - not in the effective permissions of ann@example.com.",
      });
      expect((await mint(admin, { scope })).record.token.permissions).toEqual(['gateways.create']);
    });

    it.each<[string, Partial<Principal>, string]>([
      ['somebody who is no administrator', { isAdmin: false }, 'Admin access required'],
      ['an administrator who is narrowed', { teams: publicOnly.teams }, 'A session that is itself restricted'],
      [
        'one who holds every permission but is no administrator',
        { isAdmin: false, grants: holding('*') },
        'Admin access',
      ],
    ])('refuses %s', async (_, more, text) => {
      const told = await refusalOf(mint({ ...admin, ...more }, { user_email: 'ann@example.com' }));
      expect(told).toMatchObject({ status: 403, detail: expect.stringContaining(text) });
    });

    it('takes one’s own address for oneself, and no stranger’s', async () => {
      expect((await mint(ann, { user_email: 'ANN@example.com' })).record.token.createdBy).toBeNull();
      expect(await refusalOf(mint(admin, { user_email: 'eve@example.com' }))).toMatchObject({ status: 400 });
      const bob = await identity.addUser('bob@example.com');
      await identity.users.setActive(bob.id, false);
      expect(await refusalOf(mint(admin, { user_email: 'bob@example.com' }))).toMatchObject({ status: 400 });
    });
  });

  describe('for a team', () => {
    it('makes a token that reaches the team', async () => {
      const { record, text } = await mint(ann, { team_id: 'red' });
      expect(record.token.teamId).toBe('red');
      expect((await catalogue.resolve(text)).teams).toEqual({ kind: 'teams', ids: new Set(['red']), narrowed: true });
    });

    it.each(['blue', 'nowhere', "red' OR 1=1"])('refuses a team that is not the holder’s: %s', async (team_id) => {
      expect(await refusalOf(mint(ann, { team_id }))).toMatchObject({
        status: 400,
        detail: 'team_id: ann@example.com is not a member of such a team',
      });
    });

    it('asks for the teams of the one it stands for, also when an administrator makes it', async () => {
      expect(await refusalOf(mint(admin, { team_id: 'red' }))).toMatchObject({ status: 400 });
      expect(await refusalOf(mint(admin, { team_id: 'blue', user_email: 'ann@example.com' }))).toMatchObject({
        status: 400,
      });
      expect((await mint(admin, { team_id: 'red', user_email: 'ann@example.com' })).record.token.teamId).toBe('red');
    });
  });
});
