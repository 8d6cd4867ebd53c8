import { BUILT_IN_ROLES, expandPermissions, type Principal, restrictionRefusal } from '#libs/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import { seconds, signedToken } from '../../../test/fixtures/signed-token.js';
import { GatewayError } from '../../http/errors.js';
import { PrincipalResolver } from './principal-resolver.js';
import type { User } from '../accounts/user.entity.js';

const NOON = new Date('2026-03-04T12:00:00Z');
const everywhere = (patterns: readonly string[]): unknown =>
  expect.objectContaining({ everywhere: expandPermissions(patterns) });
const VIEWER = everywhere(BUILT_IN_ROLES.platform_viewer.permissions);

describe(PrincipalResolver.name, () => {
  let identity: Identity;
  let admin: User;
  let ann: User;
  let resolver: PrincipalResolver;
  beforeAll(async () => {
    identity = await Identity.open();
    resolver = identity.resolver();
    admin = await identity.addUser('admin@example.com', { isAdmin: true });
    ann = await identity.addUser('ann@example.com');
    const gone = await identity.addUser('gone@example.com', { isAdmin: true });
    await identity.users.setActive(gone.id, false);
    await identity.joinTeam('red', admin, ann);
    await identity.joinTeam('blue', ann);
  });
  afterAll(() => identity.close());

  const resolve = (claims: Record<string, unknown>, by = resolver): Promise<Principal> =>
    by.resolve(signedToken(claims));
  const refusal = async (claims: Record<string, unknown>, by = resolver): Promise<string> => {
    const error: unknown = await resolve(claims, by).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof GatewayError)) throw new Error(`not refused, or not by us: ${String(error)}`);
    expect(error.status).toBe(error.code === 'team_left' ? 403 : 401);
    return error.code;
  };

  describe('knows', () => {
    it('a session by the id of its user', async () => {
      const exp = seconds(60);
      expect(await resolve({ sub: ann.id, token_use: 'session', jti: 'j-ann', exp })).toEqual({
        kind: 'session',
        subject: 'ann@example.com',
        userId: ann.id,
        isAdmin: false,
        teams: { kind: 'teams', ids: new Set(['red', 'blue']), narrowed: false },
        roles: expect.anything(),
        ownedTeams: new Set(),
        grants: VIEWER,
        tokenId: 'j-ann',
        restrictions: { timeRules: [] },
        expiresAt: exp * 1000,
      });
    });

    it('a user by e-mail, however it is written', async () => {
      expect((await resolve({ sub: 'ANN@Example.com' })).userId).toBe(ann.id);
    });

    it('an administrator by what the database says, not by claims', async () => {
      expect(await resolve({ token_use: 'session' })).toMatchObject({ isAdmin: true, teams: { kind: 'all' } });
      const claims = { sub: ann.id, token_use: 'session', is_admin: true, user: { is_admin: true }, admin: true };
      expect(await resolve(claims)).toMatchObject({ isAdmin: false, grants: VIEWER });
    });

    it.each([
      ['missing', undefined, { kind: 'public' }],
      ['null', null, { kind: 'all' }],
      ['[]', [], { kind: 'public' }],
      ['[red]', ['red'], { kind: 'teams', ids: new Set(['red']), narrowed: true }],
      ['[{id: red}]', [{ id: 'red', role: 'owner' }], { kind: 'teams', ids: new Set(['red']), narrowed: true }],
    ])("an administrator's token from elsewhere with teams %s", async (_, teams, scope) => {
      const principal = await resolve({ teams });
      expect(principal).toMatchObject({ kind: 'api_token', isAdmin: true });
      expect(principal.teams).toEqual(scope);
      expect(principal.grants).toEqual(scope.kind === 'all' ? everywhere(['*']) : VIEWER);
    });

    it('that a narrowed session of an administrator is an ordinary user', async () => {
      expect(await resolve({ token_use: 'session', teams: ['blue'] })).toMatchObject({
        kind: 'session',
        teams: { kind: 'public' },
        roles: expect.anything(),
        ownedTeams: new Set(),
        grants: VIEWER,
      });
    });

    it('what role others have', async () => {
      const developers = identity.resolver({}, { DEFAULT_USER_ROLE: 'developer' });
      expect((await resolve({ sub: ann.id }, developers)).grants).toEqual(
        everywhere(BUILT_IN_ROLES.developer.permissions),
      );
      expect((await resolve({ teams: [] }, developers)).grants.everywhere.has('admin.system_config')).toBe(false);
    });

    it('a principal that nobody can change', async () => {
      expect(Object.isFrozen(await resolve({}))).toBe(true);
    });

    it('a token that never expires, where the settings allow one', async () => {
      const lax = identity.resolver({ REQUIRE_TOKEN_EXPIRATION: 'false', REQUIRE_JTI: 'false' });
      const principal = await resolve({ exp: undefined, jti: undefined }, lax);
      expect(principal).toMatchObject({ expiresAt: Number.POSITIVE_INFINITY, tokenId: null });
    });
  });

  describe('lets a token reach a team', () => {
    it.each<[string, object, string]>([
      ['of which its user is none', { teams: ['green'] }, 'ann'],
      ['of which only one is hers', { teams: ['red', 'green'] }, 'ann'],
      ['that an administrator does not belong to', { teams: ['blue'] }, 'admin'],
      ['that is named as an object', { teams: [{ id: 'green' }] }, 'ann'],
    ])('not %s', async (_, claims, who) => {
      expect(await refusal({ sub: `${who}@example.com`, ...claims })).toBe('team_left');
    });

    it('as long as its user belongs to it, and the team is on', async () => {
      const bob = await identity.addUser('bob@example.com');
      await identity.joinTeam('green', bob);
      await identity.joinTeam('grey', bob);
      const [green, grey] = [
        { sub: bob.id, teams: ['green'] },
        { sub: bob.id, teams: ['grey'] },
      ];
      expect((await resolve(green)).teams).toMatchObject({ kind: 'teams', ids: new Set(['green']) });
      await identity.leaveTeam('green', bob);
      expect(await refusal(green)).toBe('team_left');
      await identity.switchOffTeam('grey');
      expect(await refusal(grey)).toBe('team_left');
      const session = { sub: bob.id, token_use: 'session' };
      expect((await resolve(session)).teams).toEqual({ kind: 'teams', ids: new Set(), narrowed: false });
      expect((await resolve({ ...session, teams: ['green'] })).teams).toEqual({ kind: 'public' });
    });

    it('never of somebody who is not in the database', async () => {
      const lax = identity.resolver({ REQUIRE_USER_IN_DB: 'false' });
      expect(await refusal({ sub: 'stranger@example.com', teams: ['red'] }, lax)).toBe('team_left');
    });
  });

  describe('without a token', () => {
    const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
      asked.then(
        () => 'taken',
        (error: unknown) => (error as GatewayError).code,
      );

    it('knows whom a proxy names by our own database', async () => {
      expect(await resolver.proxied('ANN@example.com')).toEqual({
        kind: 'proxy',
        subject: 'ann@example.com',
        userId: ann.id,
        isAdmin: false,
        teams: { kind: 'teams', ids: new Set(['red', 'blue']), narrowed: false },
        roles: expect.anything(),
        ownedTeams: new Set(),
        grants: VIEWER,
        tokenId: null,
        restrictions: { timeRules: [] },
        expiresAt: Infinity,
      });
      const root = await resolver.proxied(admin.email);
      expect(root).toMatchObject({ kind: 'proxy', isAdmin: true, teams: { kind: 'all' } });
      expect(Object.isFrozen(root)).toBe(true);
    });

    it('refuses whom a proxy names and nobody knows', async () => {
      const named = [
        'nobody@example.com',
        '',
        ann.id,
        'root',
        'ann@example.com, admin@example.com',
        ' ann@example.com',
      ];
      for (const name of named) expect(await codeOf(resolver.proxied(name))).toBe('user_not_found');
      expect(await codeOf(resolver.proxied('gone@example.com'))).toBe('account_disabled');
      const lax = identity.resolver({ REQUIRE_USER_IN_DB: 'false' });
      expect(await lax.proxied('nobody@example.com')).toMatchObject({ kind: 'proxy', userId: null, isAdmin: false });
      expect(await codeOf(lax.proxied(ann.id))).toBe('user_not_found');
    });

    it('knows the account of HTTP Basic, when it is there and active', async () => {
      const by = (email: string, more = {}) => identity.resolver({ PLATFORM_ADMIN_EMAIL: email, ...more });
      expect(await by(admin.email).basicAccount()).toMatchObject({
        kind: 'basic',
        subject: admin.email,
        isAdmin: true,
        tokenId: null,
      });
      expect(await by(ann.email).basicAccount()).toMatchObject({ isAdmin: false, grants: VIEWER });
      expect(await codeOf(by('gone@example.com').basicAccount())).toBe('account_disabled');
      expect(await codeOf(by('root@example.com').basicAccount())).toBe('user_not_found');
      const lax = by('root@example.com', { REQUIRE_USER_IN_DB: 'false' });
      expect(await codeOf(lax.basicAccount())).toBe('user_not_found');
    });
  });

  describe('refuses', () => {
    it('what the verifier refuses', async () => {
      expect(await refusal({ aud: 'another' })).toBe('invalid_token');
      expect(await refusal({ exp: seconds(-1) })).toBe('token_expired');
    });

    it.each(['nobody@example.com', '0'.repeat(32), 'admin', "' OR 1=1 --", 'admin@example.com ', 'ädmin@example.com'])(
      'the unknown user "%s"',
      async (sub) => {
        expect(await refusal({ sub })).toBe('user_not_found');
      },
    );

    it('a user who was disabled, by id, by e-mail and as administrator by settings', async () => {
      const gone = await identity.users.byEmail('gone@example.com');
      const lax = identity.resolver({ REQUIRE_USER_IN_DB: 'false', PLATFORM_ADMIN_EMAIL: 'gone@example.com' });
      for (const by of [resolver, lax]) {
        expect(await refusal({ sub: gone?.id }, by)).toBe('account_disabled');
        expect(await refusal({ sub: 'gone@example.com', token_use: 'session' }, by)).toBe('account_disabled');
      }
    });

    it('what was revoked, also when it is in no catalogue', async () => {
      const revocation = { jti: 'j-revoked', revokedBy: admin.email, reason: null, tokenExpiry: null };
      await identity.revocations.revoke(revocation);
      await identity.revocations.revoke(revocation);
      expect(await refusal({ jti: 'j-revoked' })).toBe('token_revoked');
      expect(await refusal({ jti: 'j-revoked', token_use: 'session' })).toBe('token_revoked');
      expect((await resolve({ jti: 'J-REVOKED' })).tokenId).toBe('J-REVOKED');
    });

    it.each<object>([
      { time_restrictions: { weekends_only: true } },
      { time_restrictions: { constructor: true } },
      { ip_restrictions: ['10.0.0.0/33'] },
      { ip_restrictions: ['10.0.0.0/8', ''] },
      { usage_limits: { requests_per_day: 1 } },
      { quota: 1 },
    ])('restrictions that it can not enforce: %j', async (scopes) => {
      expect(await refusal({ scopes })).toBe('invalid_token');
    });
  });

  describe('restricts a token from elsewhere', () => {
    it('to its server, however the id is written', async () => {
      const id = '9779b669-8CBD-4b49-95ee-04a4fab38737';
      const { restrictions } = await resolve({ scopes: { server_id: id } });
      expect(restrictions.serverId).toBe('9779b6698cbd4b4995ee04a4fab38737');
    });

    it('to its permissions, networks and hours', async () => {
      const { restrictions } = await resolve({
        scopes: {
          permissions: ['tools.read'],
          ip_restrictions: ['10.0.0.0/8'],
          time_restrictions: { weekdays_only: true, business_hours_only: false },
        },
      });
      expect([...(restrictions.permissions ?? [])].sort()).toEqual(['servers.use', 'tools.read']);
      expect(restrictions.timeRules).toEqual(['weekdays_only']);
      const use = { serverId: undefined, now: NOON };
      expect(restrictionRefusal(restrictions, { ...use, clientAddress: '10.1.2.3' })).toBeUndefined();
      expect(restrictionRefusal(restrictions, { ...use, clientAddress: '11.1.2.3' })).toBe('token_address_scope');
    });

    it('to nothing when no pattern is known', async () => {
      expect((await resolve({ scopes: { permissions: ['nonsense'] } })).restrictions.permissions?.size).toBe(0);
    });
  });

  describe('takes an API token', () => {
    const api = { token_use: 'api' };
    const add = (jti: string, token: string, facts: Partial<Parameters<typeof identity.directory.add>[2]> = {}): void =>
      identity.directory.add(jti, token, { userId: admin.id, ...facts });
    const refused = async (token: string): Promise<string> => {
      const error: unknown = await resolver.resolve(token).catch((reason: unknown) => reason);
      return error instanceof GatewayError ? error.code : 'taken';
    };

    it('for what its row says, whatever was signed', async () => {
      const scopes = { permissions: ['*'], server_id: 'another', time_restrictions: { unknown: true } };
      const token = signedToken({ ...api, jti: 'a-1', sub: 'nobody@example.com', teams: null, scopes });
      const restrictions = { timeRules: [], serverId: 'mine' };
      add('a-1', token, { userId: ann.id, teamId: 'red', restrictions });
      expect(await resolver.resolve(token)).toMatchObject({
        kind: 'api_token',
        subject: 'ann@example.com',
        teams: { kind: 'teams', ids: new Set(['red']), narrowed: true },
        restrictions,
        tokenId: 'a-1',
      });
    });

    it('of an administrator for all, of others for what is public', async () => {
      const [his, hers] = [signedToken({ ...api, jti: 'a-2' }), signedToken({ ...api, jti: 'a-3' })];
      add('a-2', his);
      add('a-3', hers, { userId: ann.id });
      expect((await resolver.resolve(his)).teams).toEqual({ kind: 'all' });
      expect((await resolver.resolve(hers)).teams).toEqual({ kind: 'public' });
    });

    it('never for a session', async () => {
      const token = signedToken({ jti: 'a-4', token_use: 'session', sub: ann.id });
      add('a-4', token, { userId: ann.id });
      expect(await resolver.resolve(token)).toMatchObject({ kind: 'api_token', teams: { kind: 'public' } });
    });

    it('until the earlier of both expiries', async () => {
      const exp = seconds(3600);
      const [soon, later] = [new Date(Date.now() + 60_000), new Date(Date.now() + 7_200_000)];
      const [first, second] = [signedToken({ ...api, jti: 'a-5', exp }), signedToken({ ...api, jti: 'a-6', exp })];
      add('a-5', first, { expiresAt: soon });
      add('a-6', second, { expiresAt: later });
      expect((await resolver.resolve(first)).expiresAt).toBe(soon.getTime());
      expect((await resolver.resolve(second)).expiresAt).toBe(exp * 1000);
    });

    it('only with the very text that was given out', async () => {
      const token = signedToken({ ...api, jti: 'a-7' });
      add('a-7', token);
      expect(await refused(signedToken({ ...api, jti: 'a-7', teams: null }))).toBe('invalid_token');
      for (const tokenHash of ['', '00', 'x'.repeat(64), '0'.repeat(64)]) {
        add('a-7', token, { tokenHash });
        expect(await refused(token)).toBe('invalid_token');
      }
    });

    it('not when it is inactive, over, revoked, or gone from the catalogue', async () => {
      const token = signedToken({ ...api, jti: 'a-8' });
      expect(await refused(token)).toBe('token_revoked');
      add('a-8', token, { active: false });
      expect(await refused(token)).toBe('token_revoked');
      add('a-8', token, { expiresAt: new Date() });
      expect(await refused(token)).toBe('token_expired');
      add('a-8', token);
      expect(await refused(token)).toBe('taken');
      await identity.revocations.revoke({ jti: 'a-8', revokedBy: admin.email, reason: null, tokenExpiry: null });
      expect(await refused(token)).toBe('token_revoked');
      identity.directory.remove('a-8');
      expect(await refused(token)).toBe('token_revoked');
    });

    it('not of a user who was disabled', async () => {
      const gone = await identity.users.byEmail('gone@example.com');
      const token = signedToken({ ...api, jti: 'a-9' });
      add('a-9', token, { userId: gone?.id ?? '' });
      expect(await refused(token)).toBe('account_disabled');
    });
  });

  describe('without REQUIRE_USER_IN_DB', () => {
    const lax = (): PrincipalResolver =>
      identity.resolver({ REQUIRE_USER_IN_DB: 'false', PLATFORM_ADMIN_EMAIL: 'Root@example.com' });

    it('takes the administrator of the settings and strangers without an account', async () => {
      const root = await resolve({ sub: 'ROOT@example.com', teams: null }, lax());
      expect(root).toMatchObject({ subject: 'root@example.com', userId: null, isAdmin: true, teams: { kind: 'all' } });
      const stranger = await resolve({ sub: 'Stranger@example.com', token_use: 'session' }, lax());
      expect(stranger).toMatchObject({ subject: 'stranger@example.com', userId: null, isAdmin: false, grants: VIEWER });
    });

    it('believes the database where it knows the user', async () => {
      const by = identity.resolver({ REQUIRE_USER_IN_DB: 'false', PLATFORM_ADMIN_EMAIL: 'ann@example.com' });
      expect(await resolve({ sub: 'ann@example.com', teams: null }, by)).toMatchObject({
        isAdmin: false,
        teams: { kind: 'public' },
      });
    });

    it.each(['root', '0'.repeat(32), 'a@b', '@example.com', ' root@example.com', 'x@y.z w@example.com'])(
      'still takes no subject like "%s"',
      async (sub) => {
        expect(await refusal({ sub }, lax())).toBe('user_not_found');
      },
    );
  });
});
