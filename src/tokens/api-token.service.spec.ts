import { compileRestrictions, expandPermissions, type Principal } from '#libs/policy';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { memberOf, narrowedTo, publicOnly, somebody } from '../../test/fixtures/principals.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { tokenIssuer } from '../../test/fixtures/token-parts.js';
import { AuthSettings } from '../auth/auth.settings.js';
import { PrincipalResolver } from '../auth/principal-resolver.js';
import type { Change } from '../changes/change-bus.js';
import { GatewayError } from '../http/errors.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { ApiTokenService } from './api-token.service.js';
import type { CreateApiTokenDto } from './dto/api-token.dto.js';

const SERVER = '9779b6698cbd4b4995ee04a4fab38737';

/** A catalogue whose last step can fail. */
class FalteringTokens extends ApiTokenRepository {
  broken = false;

  override async deactivate(id: string): Promise<void> {
    if (this.broken) throw new Error('no connection');
    await super.deactivate(id);
  }
}

describe(ApiTokenService.name, () => {
  let identity: Identity;
  let tokens: FalteringTokens;
  let service: ApiTokenService;
  let ann: Principal;
  beforeEach(async () => {
    identity = await Identity.open();
    tokens = new FalteringTokens(identity.database.getRepository(ApiToken));
    service = serviceWith();
    ann = await session('ann@example.com');
  });
  afterEach(() => identity.close());

  const serviceWith = (variables: Record<string, string> = {}): ApiTokenService => {
    const settings = settingsOf(AuthSettings, variables);
    return new ApiTokenService(tokens, tokenIssuer(settings), identity.revocations, settings);
  };
  const session = async (email: string, more: Partial<Principal> = {}): Promise<Principal> => {
    const { id } = await identity.addUser(email);
    return somebody(email, memberOf(), { userId: id, ...more });
  };
  const wish = (more: object = {}): CreateApiTokenDto => ({ name: 'ci', expires_in_days: 30, ...more });
  const refusal = async (act: Promise<unknown>): Promise<Partial<GatewayError>> => {
    const error: unknown = await act.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof GatewayError)) throw new Error(`not refused, or not by us: ${String(error)}`);
    const { status, detail, reason } = error;
    return { status, detail, reason };
  };
  const resolve = (text: string): Promise<Principal> => {
    const [verifier, revocations, users, , ...rest] = identity.resolverParts();
    return new PrincipalResolver(verifier, revocations, users, tokens, ...rest).resolve(text);
  };

  describe('creates', () => {
    it('a token that is known by its row, and a row that does not know the token', async () => {
      const before = Date.now();
      const { row, token } = await service.create(ann, wish({ description: 'for tests', tags: ['a'] }));
      const stored = await identity.database.getRepository(ApiToken).findOneByOrFail({ id: row.id });
      expect(stored).toEqual(row);
      expect(stored.tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
      for (const part of [token, ...token.split('.')]) expect(JSON.stringify(stored)).not.toContain(part);
      expect(stored.expiresAt?.getTime()).toBeGreaterThanOrEqual(before + 30 * 86_400_000);
      expect(await resolve(token)).toMatchObject({
        kind: 'api_token',
        subject: 'ann@example.com',
        tokenId: stored.jti,
        teams: { kind: 'public' },
        restrictions: { timeRules: [] },
      });
    });

    it('what was asked for, and enforces it from the row', async () => {
      const scope = {
        server_id: '9779b669-8CBD-4b49-95ee-04a4fab38737',
        permissions: ['tools.read'],
        ip_restrictions: ['10.0.0.0/8'],
        time_restrictions: { weekdays_only: true, business_hours_only: false },
      };
      const { row, token } = await service.create(ann, wish({ scope }));
      expect(row).toMatchObject({ serverId: SERVER, permissions: ['tools.read'], ipRestrictions: ['10.0.0.0/8'] });
      const { restrictions } = await resolve(token);
      expect(restrictions).toMatchObject({ serverId: SERVER, timeRules: ['weekdays_only'] });
      expect(restrictions.permissions).toEqual(new Set(['tools.read', 'servers.use']));
      expect(restrictions.networks?.check('10.1.2.3')).toBe(true);
    });

    it.each([
      [{ scope: null }],
      [{ scope: { server_id: null, permissions: null, ip_restrictions: null, time_restrictions: null } }],
      [{ scope: { permissions: [], ip_restrictions: [], time_restrictions: { weekdays_only: null } } }],
      [{ description: null, tags: null }],
    ])('an unrestricted token for %j', async (more) => {
      const { row, token } = await service.create(ann, wish(more));
      expect(row).toMatchObject({
        serverId: null,
        permissions: [],
        ipRestrictions: [],
        timeRestrictions: {},
        tags: [],
      });
      expect((await resolve(token)).restrictions).toEqual({ timeRules: [] });
    });

    it('tokens with an end, unless the settings allow others', async () => {
      for (const expires_in_days of [undefined, null]) {
        expect(await refusal(service.create(ann, wish({ expires_in_days })))).toMatchObject({ status: 400 });
        const name = `endless ${expires_in_days}`;
        const lax = serviceWith({ REQUIRE_TOKEN_EXPIRATION: 'false' });
        const { row, token } = await lax.create(ann, wish({ name, expires_in_days }));
        expect(row.expiresAt).toBeNull();
        expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).not.toHaveProperty('exp');
      }
    });

    it('one token of a name for each user', async () => {
      await service.create(ann, wish());
      expect(await refusal(service.create(ann, wish()))).toMatchObject({
        status: 409,
        detail: expect.stringContaining('already exists'),
      });
      expect((await service.create(await session('bob@example.com'), wish())).row.name).toBe('ci');
    });
  });

  describe('grants no more than its maker has', () => {
    it.each([
      [
        ['tools.execute'],
        "scope.permissions: Cannot grant permission 'tools.execute' - not in your effective permissions.",
      ],
      [['*'], /^scope.permissions: Cannot grant permission /],
      [['gateways.*'], /^scope.permissions: Cannot grant permission 'gateways\.create'/],
      [['tools.read', 'tools.fly'], 'scope.permissions: "tools.fly" is not a permission'],
      [['constructor.prototype'], 'scope.permissions: "constructor.prototype" is not a permission'],
    ])('refuses %j', async (permissions, detail) => {
      const reader = await session('reader@example.com', {
        grants: expandPermissions(['tools.read', 'gateways.read']),
      });
      const told = await refusal(service.create(reader, wish({ scope: { permissions } })));
      expect(told.status).toBe(400);
      expect(told.detail).toMatch(detail);
    });

    it.each([['10.0.0.0/33'], [''], ['localhost'], ['fe80::1%eth0']])('refuses the network "%s"', async (network) => {
      const told = await refusal(service.create(ann, wish({ scope: { ip_restrictions: ['10.0.0.0/8', network] } })));
      expect(told).toMatchObject({ status: 400, detail: expect.stringContaining(`"${network}" is not an IP address`) });
    });

    const none = { serverId: null, permissions: [], ipRestrictions: [], timeRules: [] };
    it.each<[string, Partial<Principal>]>([
      ['narrowed to a team', { teams: narrowedTo('red') }],
      ['narrowed to what is public', { teams: publicOnly.teams }],
      ['an administrator’s, narrowed', { teams: publicOnly.teams, isAdmin: true }],
      ['for one server', { restrictions: compileRestrictions({ ...none, serverId: SERVER }) }],
      ['for a few permissions', { restrictions: compileRestrictions({ ...none, permissions: ['tokens.create'] }) }],
      ['for one network', { restrictions: compileRestrictions({ ...none, ipRestrictions: ['10.0.0.0/8'] }) }],
      ['for some hours', { restrictions: compileRestrictions({ ...none, timeRules: ['weekdays_only'] }) }],
    ])('refuses a session that is %s', async (_, more) => {
      const caller = { ...ann, ...more };
      expect(await refusal(service.create(caller, wish()))).toMatchObject({ status: 403, reason: 'narrowed' });
      expect(await refusal(service.create(caller, wish({ scope: { permissions: ['tokens.create'] } })))).toMatchObject({
        status: 403,
      });
    });

    it('takes a session whose cap caps nothing', async () => {
      const whole = { ...ann, restrictions: compileRestrictions({ ...none, permissions: ['*'] }) };
      expect((await service.create(whole, wish())).row.permissions).toEqual([]);
    });
  });

  it('is for sessions of people with an account', async () => {
    const { row } = await service.create(ann, wish());
    for (const [caller, reason] of [
      [{ ...ann, kind: 'api_token' as const }, 'session_required'],
      [{ ...ann, userId: null }, 'no_account'],
    ] as const) {
      const page = { include_inactive: true, limit: 9, offset: 0 };
      expect(await refusal(service.create(caller, wish()))).toMatchObject({ status: 403, reason });
      expect(await refusal((async () => service.list(caller, page))())).toMatchObject({ status: 403, reason });
      expect(await refusal(service.get(caller, row.id))).toMatchObject({ status: 403, reason });
      expect(await refusal(service.revoke(caller, row.id, undefined))).toMatchObject({ status: 403, reason });
    }
  });

  it('shows and revokes only what is the caller’s', async () => {
    const bob = await session('bob@example.com');
    const { row } = await service.create(ann, wish());
    for (const id of [row.id, row.id.toUpperCase(), 'nonsense', '']) {
      expect(await refusal(service.get(bob, id))).toMatchObject({ status: 404, detail: 'Token not found' });
      expect(await refusal(service.revoke(bob, id, undefined))).toMatchObject({ status: 404 });
    }
    const everything = { include_inactive: true, limit: 9, offset: 0 };
    expect((await service.list(bob, everything))[1]).toBe(0);
    expect((await service.list(ann, everything))[0]).toEqual([row]);
    expect((await service.get(ann, row.id.toUpperCase())).id).toBe(row.id);
  });

  describe('revokes', () => {
    it('for good: the token, its row, and what caches know', async () => {
      const changes: Change[] = [];
      identity.bus.subscribe((change) => changes.push(change));
      const { row, token } = await service.create(ann, wish());
      await service.revoke(ann, row.id, 'lost');
      expect(changes).toEqual([{ kind: 'token_revoked', jti: row.jti }]);
      expect(await refusal(resolve(token))).toMatchObject({ status: 401, reason: 'token_revoked' });
      expect((await service.get(ann, row.id)).isActive).toBe(false);
      const page = { limit: 9, offset: 0 };
      expect((await service.list(ann, { include_inactive: false, ...page }))[1]).toBe(0);
      expect((await service.list(ann, { include_inactive: true, ...page }))[1]).toBe(1);
      await service.revoke(ann, row.id, undefined);
    });

    it('the token even when its row can not be changed', async () => {
      const changes: Change[] = [];
      identity.bus.subscribe((change) => changes.push(change));
      const { row, token } = await service.create(ann, wish());
      tokens.broken = true;
      await expect(service.revoke(ann, row.id, undefined)).rejects.toThrow('no connection');
      expect(changes).toHaveLength(1);
      expect(await refusal(resolve(token))).toMatchObject({ status: 401, reason: 'token_revoked' });
    });
  });

  describe('a row that was damaged', () => {
    it.each<[string, object]>([
      ['names a time rule of a later build', { timeRestrictions: { full_moon_only: true } }],
      ['has a list of time rules', { timeRestrictions: ['weekdays_only'] }],
      ['has a network that is none', { ipRestrictions: ['10.0.0.0/99'] }],
      ['has no list of networks', { ipRestrictions: {} }],
      ['has no list of permissions', { permissions: {} }],
      ['has permissions that are text', { permissions: 'tools.read' }],
    ])('frees no token: one that %s', async (_, damage) => {
      const { row, token } = await service.create(ann, wish());
      await identity.database.getRepository(ApiToken).update({ id: row.id }, damage);
      expect(await refusal(resolve(token))).toMatchObject({ status: 401 });
    });
  });
});
