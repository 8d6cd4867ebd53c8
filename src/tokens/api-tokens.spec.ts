import { compileRestrictions, type Principal } from '#libs/policy';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { holding, narrowedTo, publicOnly } from '../../test/fixtures/principals.js';
import { refusalOf } from '../../test/fixtures/refusal-of.js';
import { SERVER, TokenCatalogue } from '../../test/fixtures/token-catalogue.js';
import type { Change } from '../changes/change-bus.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import type { CreateApiTokenDto } from './dto/api-token.dto.js';

/** A catalogue whose last step can fail. */
class FalteringTokens extends ApiTokenRepository {
  broken = false;

  override async deactivate(id: string): Promise<void> {
    if (this.broken) throw new Error('no connection');
    await super.deactivate(id);
  }
}

describe('API tokens', () => {
  let identity: Identity;
  let tokens: FalteringTokens;
  let catalogue: TokenCatalogue;
  let ann: Principal;
  beforeEach(async () => {
    identity = await Identity.open();
    tokens = new FalteringTokens(identity.database.getRepository(ApiToken));
    catalogue = new TokenCatalogue(identity, tokens);
    ann = await catalogue.session('ann@example.com');
  });
  afterEach(() => identity.close());

  const wish = (more: object = {}): CreateApiTokenDto => ({ name: 'ci', expires_in_days: 30, ...more });
  const create = async (caller: Principal, more: object = {}, by = catalogue.mint) => {
    const { record, text } = await by.create(caller, wish(more));
    return { row: record.token, token: text };
  };
  const resolve = (text: string): Promise<Principal> => catalogue.resolve(text);

  describe('creates', () => {
    it('a token that is known by its row, and a row that does not know the token', async () => {
      const before = Date.now();
      const { row, token } = await create(ann, { description: 'for tests', tags: ['a'] });
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
      const { row, token } = await create(ann, { scope });
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
      const { row, token } = await create(ann, more);
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
        expect(await refusalOf(catalogue.mint.create(ann, wish({ expires_in_days })))).toMatchObject({ status: 400 });
        const name = `endless ${expires_in_days}`;
        const lax = catalogue.mintWith({ REQUIRE_TOKEN_EXPIRATION: 'false' });
        const { row, token } = await create(ann, { name, expires_in_days }, lax);
        expect(row.expiresAt).toBeNull();
        expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).not.toHaveProperty('exp');
      }
    });

    it('none that lives longer than the settings allow', async () => {
      const strict = catalogue.mintWith({}, { TOKEN_MAX_EXPIRY_DAYS: '7' });
      expect(await refusalOf(strict.create(ann, wish({ expires_in_days: 8 })))).toMatchObject({
        status: 400,
        detail: 'expires_in_days: must be at most 7 (TOKEN_MAX_EXPIRY_DAYS)',
      });
      expect((await create(ann, { expires_in_days: 7 }, strict)).row.expiresAt).not.toBeNull();
    });

    it('none for a server that there is not', async () => {
      expect(await refusalOf(catalogue.mint.create(ann, wish({ scope: { server_id: 'f'.repeat(32) } })))).toMatchObject(
        {
          status: 400,
          detail: 'scope.server_id: Server not found',
        },
      );
    });

    it('one token of a name for each user', async () => {
      await create(ann);
      expect(await refusalOf(catalogue.mint.create(ann, wish()))).toMatchObject({
        status: 409,
        detail: expect.stringContaining('already exists'),
      });
      expect((await create(await catalogue.session('bob@example.com'))).row.name).toBe('ci');
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
      const reader = await catalogue.session('reader@example.com', {
        grants: holding('tools.read', 'gateways.read'),
      });
      const told = await refusalOf(catalogue.mint.create(reader, wish({ scope: { permissions } })));
      expect(told.status).toBe(400);
      expect(told.detail).toMatch(detail);
    });

    it.each([['10.0.0.0/33'], [''], ['localhost'], ['fe80::1%eth0']])('refuses the network "%s"', async (network) => {
      const told = await refusalOf(
        catalogue.mint.create(ann, wish({ scope: { ip_restrictions: ['10.0.0.0/8', network] } })),
      );
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
      expect(await refusalOf(catalogue.mint.create(caller, wish()))).toMatchObject({ status: 403, reason: 'narrowed' });
      expect(
        await refusalOf(catalogue.mint.create(caller, wish({ scope: { permissions: ['tokens.create'] } }))),
      ).toMatchObject({
        status: 403,
      });
    });

    it('takes a session whose cap caps nothing', async () => {
      const whole = { ...ann, restrictions: compileRestrictions({ ...none, permissions: ['*'] }) };
      expect((await create(whole)).row.permissions).toEqual([]);
    });
  });

  it('is for sessions of people with an account', async () => {
    const { row } = await create(ann);
    for (const [caller, reason] of [
      [{ ...ann, kind: 'api_token' as const }, 'session_required'],
      [{ ...ann, kind: 'basic' as const }, 'session_required'],
      [{ ...ann, kind: 'proxy' as const }, 'session_required'],
      [{ ...ann, userId: null }, 'no_account'],
    ] as const) {
      const refused = { status: 403, reason };
      expect(await refusalOf(catalogue.mint.create(caller, wish()))).toMatchObject(refused);
      expect(await refusalOf(catalogue.edits.update(caller, row.id, { name: 'mine' }))).toMatchObject(refused);
      expect(await refusalOf(catalogue.endings.revoke(caller, row.id, undefined))).toMatchObject(refused);
      expect(await refusalOf(catalogue.endings.revokeAny(caller, row.id, undefined))).toMatchObject(refused);
    }
  });

  describe('changes', () => {
    it('what the token may do, for the same text, and tells every cache', async () => {
      const { row, token } = await create(ann, { scope: { permissions: ['tools.read'], server_id: SERVER } });
      const changes: Change[] = [];
      identity.bus.subscribe((change) => changes.push(change));
      const scope = { permissions: ['prompts.read'], usage_limits: { requests_per_hour: 5 }, max_uses: 9 };
      const changed = (await catalogue.edits.update(ann, row.id, { scope })).record.token;
      expect(changes).toEqual([{ kind: 'token_changed', jti: row.jti }]);
      expect((await tokens.record(row.id))?.token).toEqual(changed);
      expect(changed).toMatchObject({ serverId: null, permissions: ['prompts.read'], maxUses: 9 });
      const { restrictions, quota } = await resolve(token);
      expect(restrictions.permissions).toEqual(new Set(['prompts.read', 'servers.use']));
      expect(restrictions.serverId).toBeUndefined();
      expect(quota).toEqual({ tokenId: row.id, perHour: 5, perDay: undefined, maxUses: 9 });
    });

    it('only what is given', async () => {
      const scope = { permissions: ['tools.read'], max_uses: 3 };
      const { row } = await create(ann, { description: 'why', tags: ['a'], scope });
      const changes: Change[] = [];
      identity.bus.subscribe((change) => changes.push(change));
      expect((await catalogue.edits.update(ann, row.id, { name: 'cd' })).record.token).toEqual(
        Object.assign(row, { name: 'cd' }),
      );
      expect((await catalogue.edits.update(ann, row.id, { description: null, tags: [] })).record.token).toMatchObject({
        name: 'cd',
        description: null,
        tags: [],
        permissions: ['tools.read'],
        maxUses: 3,
      });
      expect((await catalogue.edits.update(ann, row.id, {})).record.token.name).toBe('cd');
      expect(changes).toEqual([]);
    });

    it('never to more than its user has, and never for a session that has less', async () => {
      const { row } = await create(ann, { scope: { permissions: ['tools.read'] } });
      const poorer = { ...ann, grants: holding('tools.read') };
      const wider = { scope: { permissions: ['tools.*'] } };
      expect(await refusalOf(catalogue.edits.update(poorer, row.id, wider))).toMatchObject({
        status: 400,
        detail: "scope.permissions: Cannot grant permission 'tools.execute' - not in your effective permissions.",
      });
      for (const more of [{ teams: publicOnly.teams }, { teams: narrowedTo('red') }]) {
        const narrowed = { ...ann, ...more };
        for (const body of [{ scope: {} }, { is_active: true }, { name: 'x' }])
          expect(await refusalOf(catalogue.edits.update(narrowed, row.id, body))).toMatchObject({ status: 403 });
      }
      expect((await tokens.record(row.id))?.token).toEqual(row);
    });

    it('whether it is on; a revoked one stays dead', async () => {
      const { row, token } = await create(ann);
      await catalogue.edits.update(ann, row.id, { is_active: false });
      expect(await refusalOf(resolve(token))).toMatchObject({ status: 401 });
      await catalogue.edits.update(ann, row.id, { is_active: true });
      expect((await resolve(token)).tokenId).toBe(row.jti);
      await catalogue.endings.revoke(ann, row.id, undefined);
      expect(await refusalOf(catalogue.edits.update(ann, row.id, { is_active: true }))).toMatchObject({ status: 400 });
      expect(await refusalOf(resolve(token))).toMatchObject({ status: 401 });
    });

    it('no name to one that is taken', async () => {
      await create(ann, { name: 'first' });
      const { row } = await create(ann, { name: 'second' });
      expect(await refusalOf(catalogue.edits.update(ann, row.id, { name: 'first' }))).toMatchObject({ status: 409 });
    });
  });

  describe('revokes', () => {
    it('for good: the token, its row, and what caches know', async () => {
      const changes: Change[] = [];
      identity.bus.subscribe((change) => changes.push(change));
      const { row, token } = await create(ann);
      await catalogue.endings.revoke(ann, row.id, 'lost');
      expect(changes).toEqual([{ kind: 'token_revoked', jti: row.jti }]);
      expect(await refusalOf(resolve(token))).toMatchObject({ status: 401, reason: 'token_revoked' });
      expect(await tokens.record(row.id)).toMatchObject({
        token: { isActive: false },
        revocation: { revokedBy: 'ann@example.com', reason: 'lost' },
      });
      await catalogue.endings.revoke(ann, row.id, undefined);
    });

    it('the token even when its row can not be changed', async () => {
      const changes: Change[] = [];
      identity.bus.subscribe((change) => changes.push(change));
      const { row, token } = await create(ann);
      tokens.broken = true;
      await expect(catalogue.endings.revoke(ann, row.id, undefined)).rejects.toThrow('no connection');
      expect(changes).toHaveLength(1);
      expect(await refusalOf(resolve(token))).toMatchObject({ status: 401, reason: 'token_revoked' });
    });
  });
});
