import type { Principal } from '#libs/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { refusalOf } from '../../test/fixtures/refusal-of.js';
import { signedToken } from '../../test/fixtures/signed-token.js';
import { SERVER, TokenCatalogue } from '../../test/fixtures/token-catalogue.js';
import { RoleAssignment } from '../rbac/roles/role-assignment.entity.js';
import { Role } from '../rbac/roles/role.entity.js';
import { TokenWarnings } from './token-warnings.js';

const PUBLIC_ONLY = 'The token reaches public rows only: set team_id to reach the rows of a team.';

/** People whose sessions are made by the resolver, so that what they hold is what their roles grant. */
describe(TokenWarnings.name, () => {
  let identity: Identity;
  let catalogue: TokenCatalogue;
  let ann: Principal;
  let admin: Principal;
  let names = 0;
  beforeAll(async () => {
    identity = await Identity.open();
    catalogue = new TokenCatalogue(identity);
    const [annsAccount, root] = [
      await identity.addUser('ann@example.com'),
      await identity.addUser('admin@example.com', { isAdmin: true }),
    ];
    await catalogue.addTeam('red', { [annsAccount.id]: 'member', [root.id]: 'member' });
    await catalogue.addTeam('blue', { [annsAccount.id]: 'owner' });
    const auditor = { id: 'auditor', name: 'auditor', scope: 'global', permissions: ['admin.security_audit'] } as const;
    const at = { createdAt: new Date(), updatedAt: new Date() };
    const auditors = { ...auditor, ...at, permissions: [...auditor.permissions], isSystemRole: false, isActive: true };
    await identity.database.getRepository(Role).insert(auditors);
    const given = { id: 'g', userId: annsAccount.id, roleId: 'auditor', scope: 'global', scopeId: '' } as const;
    await identity.database.getRepository(RoleAssignment).insert({ ...given, grantedAt: new Date(), source: 'manual' });
    const session = (sub: string) => identity.resolver().resolve(signedToken({ sub, token_use: 'session' }));
    [ann, admin] = [await session(annsAccount.id), await session(root.id)];
  });
  afterAll(() => identity.close());

  const mint = (caller: Principal, more: object) =>
    catalogue.mint.create(caller, { name: `token ${(names += 1)}`, expires_in_days: 1, ...more });
  const warned = async (caller: Principal, more: object): Promise<readonly string[]> =>
    (await mint(caller, more)).warnings;

  it('says nothing where there is nothing to say', async () => {
    expect(await warned(ann, { team_id: 'red' })).toEqual([]);
    expect(await warned(ann, { team_id: 'red', scope: { permissions: ['tools.execute', 'tools.read'] } })).toEqual([]);
    expect(await warned(admin, {})).toEqual([]);
    expect(await warned(admin, { scope: { permissions: ['admin.security_audit', 'gateways.*'] } })).toEqual([]);
  });

  it('says that a token without a team reaches what is public', async () => {
    expect(await warned(ann, {})).toEqual([PUBLIC_ONLY]);
    expect(await warned(ann, { scope: { permissions: ['tools.read'] } })).toEqual([PUBLIC_ONLY]);
  });

  it('names what is held in teams alone', async () => {
    const held = 'ann@example.com holds it in teams alone: set team_id to one of them.';
    expect(await warned(ann, { scope: { permissions: ['tools.execute', 'tools.read'] } })).toEqual([
      PUBLIC_ONLY,
      `The token can’t use tools.execute: ${held}`,
    ]);
    expect(await warned(ann, { scope: { permissions: ['teams.update', 'teams.create'] } })).toEqual([
      PUBLIC_ONLY,
      'The token can do nothing of what scope.permissions lists.',
      `The token can’t use teams.create, teams.update: ${held}`,
    ]);
  });

  it('names what only whole credentials do', async () => {
    const scope = { permissions: ['admin.security_audit', 'tools.read'] };
    const why =
      'The token can’t use admin.security_audit: only what is not narrowed to teams or public rows may do that:';
    expect(await warned(ann, { team_id: 'red', scope })).toEqual([`${why} use a session.`]);
    expect(await warned(admin, { team_id: 'red', scope })).toEqual([`${why} leave team_id out.`]);
  });

  it('tells an administrator what a token of a team gives up', async () => {
    const [useless] = await warned(admin, { team_id: 'red', scope: { permissions: ['gateways.*', 'tools.read'] } });
    expect(useless).toBe(
      'The token can’t use gateways.create, gateways.update, gateways.delete: admin@example.com holds it as an administrator alone: leave team_id out.',
    );
    const many = await warned(admin, { team_id: 'red', scope: { permissions: ['*'] } });
    expect(many.join(' ')).toMatch(/and \d+ more: /);
  });

  it('says that no token manages tokens', async () => {
    expect(await warned(admin, { scope: { permissions: ['tokens.read', 'tools.read'] } })).toEqual([
      'The token can’t use tokens.read: only sessions manage tokens.',
    ]);
  });

  it('says that a server can not be seen', async () => {
    expect(await warned(ann, { team_id: 'red', scope: { server_id: SERVER } })).toEqual([]);
    catalogue.servers.seenBy = ({ teams }) => teams.kind !== 'public';
    expect(await warned(ann, { scope: { server_id: SERVER } })).toEqual([
      PUBLIC_ONLY,
      `The token opens the server ${SERVER} alone, which it can’t see: set team_id to the team of that server, or make the server public.`,
    ]);
  });

  it('says that a server takes only what is bound', async () => {
    const wish = { team_id: 'red', scope: { server_id: SERVER } };
    catalogue.servers.senderConstrained = 'dpop';
    expect(await warned(ann, wish)).toEqual([
      `The token opens the server ${SERVER} alone, which takes only tokens that are bound to their sender: make one with dpop_jkt or x5t_s256.`,
    ]);
    expect(await warned(ann, { ...wish, dpop_jkt: 'A'.repeat(43) })).toEqual([]);
  });

  it('says it of edits too, as the token then is', async () => {
    const { record } = await mint(ann, { team_id: 'red' });
    const edit = (scope: object) => catalogue.edits.update(ann, record.token.id, { scope });
    expect((await edit({ permissions: ['tools.read'] })).warnings).toEqual([]);
    expect((await edit({ permissions: ['admin.security_audit'] })).warnings).toHaveLength(2);
    expect((await catalogue.edits.update(ann, record.token.id, { name: 'still' })).warnings).toHaveLength(2);
  });

  it('says it when the token would be refused', async () => {
    const { record } = await mint(ann, { team_id: 'blue' });
    await identity.switchOffTeam('blue');
    const { warnings } = await catalogue.edits.update(ann, record.token.id, { name: 'left' });
    expect(warnings).toEqual([expect.stringMatching(/^The token will be refused: .* no longer a member/)]);
  });

  describe('but it is refused', () => {
    it('to list what is not held in the team of the token', async () => {
      const scope = { permissions: ['gateways.create'] };
      expect(await refusalOf(mint(ann, { team_id: 'red', scope }))).toMatchObject({
        status: 400,
        detail:
          "scope.permissions: Cannot grant permission 'gateways.create' - not in your effective permissions in this team.",
      });
      const { record } = await mint(ann, { team_id: 'red' });
      expect(await refusalOf(catalogue.edits.update(ann, record.token.id, { scope }))).toMatchObject({ status: 400 });
    });

    it('to list anything where there is nothing to delegate', async () => {
      const poor = { ...ann, grants: { ...ann.grants, everywhere: new Set<never>(), anywhere: new Set<never>() } };
      const wish = { scope: { permissions: ['tools.read'] } };
      expect(await refusalOf(mint(poor, wish))).toMatchObject({
        status: 400,
        detail: 'scope.permissions: There are no permissions to delegate in your effective permissions.',
      });
    });
  });
});
