import type { Principal } from '#libs/policy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import { PartitionedBus } from '../../../test/fixtures/fakes/partitioned-bus.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { seconds, signedToken } from '../../../test/fixtures/signed-token.js';
import { AuthSettings } from '../auth.settings.js';
import { PrincipalCache } from './principal-cache.js';
import { PrincipalResolver } from './principal-resolver.js';
import type { User } from '../accounts/user.entity.js';

/** Counts how often the cache asks. */
class CountingResolver extends PrincipalResolver {
  asked = 0;

  override resolve(token: string): Promise<Principal> {
    this.asked += 1;
    return super.resolve(token);
  }
}

describe(PrincipalCache.name, () => {
  let identity: Identity;
  let resolver: CountingResolver;
  let cache: PrincipalCache;
  let ann: User;
  beforeEach(async () => {
    identity = await Identity.open();
    ann = await identity.addUser('ann@example.com');
    resolver = new CountingResolver(...identity.resolverParts());
    cache = new PrincipalCache(resolver, identity.bus, settingsOf(AuthSettings));
  });
  afterEach(() => {
    vi.useRealTimers();
    return identity.close();
  });

  const token = (jti: string, claims: object = {}): string => signedToken({ sub: ann.id, jti, ...claims });
  const revoke = (jti: string): Promise<void> =>
    identity.revocations.revoke({ jti, revokedBy: 'test', reason: null, tokenExpiry: null });
  const ask = async (text: string): Promise<unknown> => {
    try {
      return await cache.principalOf(text);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('asks once and then answers at once, with the same principal', async () => {
    const text = token('j-1');
    const first = await cache.principalOf(text);
    const second = cache.principalOf(text);
    expect(second).toBe(first);
    expect(resolver.asked).toBe(1);
  });

  it('takes tokens for the same only if they are the same to the last character', async () => {
    const texts = [token('j-1'), token('j-1', { teams: [] }), token('j-2')];
    for (const text of texts) await cache.principalOf(text);
    expect(resolver.asked).toBe(3);
    expect(await ask(`${texts[0]} `)).toBe('invalid_token');
    expect(await ask(texts[0]?.slice(0, -1) ?? '')).toBe('invalid_token');
  });

  it('remembers no refusal', async () => {
    const text = token('j-1', { sub: 'late@example.com' });
    expect(await ask(text)).toBe('user_not_found');
    await identity.addUser('late@example.com');
    expect(await ask(text)).toMatchObject({ subject: 'late@example.com' });
  });

  it('drops a revoked token before the revocation returns, and only that one', async () => {
    const [first, second] = [token('j-1'), token('j-2')];
    await Promise.all([cache.principalOf(first), cache.principalOf(second)]);
    await revoke('j-1');
    expect(await ask(first)).toBe('token_revoked');
    expect(cache.principalOf(second)).not.toBeInstanceOf(Promise);
  });

  it('drops a token that was changed, and only that one', async () => {
    const [first, second] = [token('j-1', { token_use: 'api' }), token('j-2')];
    identity.directory.add('j-1', first, { userId: ann.id });
    await Promise.all([cache.principalOf(first), cache.principalOf(second)]);
    identity.directory.add('j-1', first, { userId: ann.id, active: false });
    identity.bus.publish({ kind: 'token_changed', jti: 'j-1' });
    expect(await ask(first)).toBe('token_revoked');
    expect(cache.principalOf(second)).not.toBeInstanceOf(Promise);
  });

  it('drops all tokens of a user who changed, and nobody else’s', async () => {
    const bob = await identity.addUser('bob@example.com');
    const [first, second, his] = [token('j-1'), token('j-2'), token('j-3', { sub: bob.id })];
    for (const text of [first, second, his]) await cache.principalOf(text);
    await identity.users.setActive(ann.id, false);
    identity.bus.publish({ kind: 'user_changed', userId: ann.id });
    expect([await ask(first), await ask(second)]).toEqual(['account_disabled', 'account_disabled']);
    expect(cache.principalOf(his)).not.toBeInstanceOf(Promise);
  });

  it('keeps what it knows when the registry changes', async () => {
    const text = token('j-1');
    await cache.principalOf(text);
    identity.bus.publish({ kind: 'registry_changed' });
    expect(cache.principalOf(text)).not.toBeInstanceOf(Promise);
  });

  it('neither uses nor remembers what was revoked while it was read', async () => {
    const text = token('j-1', { token_use: 'api' });
    identity.directory.add('j-1', text, { userId: ann.id });
    const look = identity.directory.hold();
    const asking = ask(text);
    await look.asked;
    await revoke('j-1');
    look.release();
    expect(await asking).toBe('token_revoked');
    expect(await ask(text)).toBe('token_revoked');
  });

  it.each([
    ['reads again when he changed meanwhile', () => ann.id, 2],
    ['is not disturbed by what concerns others', () => 'somebody else', 1],
  ])('%s, and remembers what it read', async (_, userId, asked) => {
    const text = token('j-1');
    identity.directory.add('j-1', text, { userId: ann.id });
    const look = identity.directory.hold();
    const asking = cache.principalOf(text);
    await look.asked;
    identity.bus.publish({ kind: 'user_changed', userId: userId() });
    look.release();
    expect(await asking).toMatchObject({ subject: 'ann@example.com' });
    expect(resolver.asked).toBe(asked);
    expect(cache.principalOf(text)).not.toBeInstanceOf(Promise);
  });

  it.each([
    ['gives up with 503 when changes that concern him never end', () => ann.id, 1, 'overloaded', 3],
    ['gives up with 503 when there is more than it listens to', () => 'somebody else', 1000, 'overloaded', 3],
    ['answers however much others change', () => 'somebody else', 999, { subject: 'ann@example.com' }, 1],
  ])('%s', async (_, userId, changes, answer, asked) => {
    const restless = new (class extends CountingResolver {
      override resolve(text: string): Promise<Principal> {
        for (let at = 0; at < changes; at += 1) identity.bus.publish({ kind: 'user_changed', userId: userId() });
        return super.resolve(text);
      }
    })(...identity.resolverParts());
    cache = new PrincipalCache(restless, identity.bus, settingsOf(AuthSettings));
    expect({ got: await ask(token('j-1')) }).toMatchObject({ got: answer });
    expect(restless.asked).toBe(asked);
  });

  it('forgets a token when it expires, before its time in the cache is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const text = token('j-1', { exp: seconds(10) });
    await cache.principalOf(text);
    vi.advanceTimersByTime(8000);
    expect(cache.principalOf(text)).not.toBeInstanceOf(Promise);
    vi.advanceTimersByTime(2000);
    expect(await ask(text)).toBe('token_expired');
  });

  it('reads again after AUTH_CACHE_USER_TTL', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    // To the cache a clock at 0 is none.
    vi.advanceTimersByTime(1);
    cache = new PrincipalCache(resolver, identity.bus, settingsOf(AuthSettings, { AUTH_CACHE_USER_TTL: '1' }));
    const text = token('j-1');
    await cache.principalOf(text);
    await cache.principalOf(text);
    expect(resolver.asked).toBe(1);
    vi.advanceTimersByTime(1001);
    await cache.principalOf(text);
    expect(resolver.asked).toBe(2);
  });

  it('remembers whom a proxy names until something changes about the account', async () => {
    const first = await cache.ofProxied('ANN@example.com');
    expect(cache.ofProxied('ann@example.com')).toBe(first);
    expect(await cache.principalOf(token('j-1'))).not.toBe(first);
    await identity.joinTeam('red', ann);
    identity.bus.publish({ kind: 'user_changed', userId: ann.id });
    expect((await cache.ofProxied('ann@example.com')).teams).toMatchObject({ ids: new Set(['red']) });
    await identity.users.setActive(ann.id, false);
    identity.bus.publish({ kind: 'user_changed', userId: ann.id });
    await expect(cache.ofProxied('ann@example.com')).rejects.toMatchObject({ code: 'account_disabled' });
  });

  it('remembers whom HTTP Basic stands for until something changes about the account', async () => {
    const root = await identity.addUser('admin@example.com', { isAdmin: true });
    const first = await cache.ofBasicAccount();
    expect(cache.ofBasicAccount()).toBe(first);
    expect(await cache.ofProxied('admin@example.com')).toMatchObject({ kind: 'proxy' });
    await identity.users.setActive(root.id, false);
    identity.bus.publish({ kind: 'user_changed', userId: root.id });
    await expect(cache.ofBasicAccount()).rejects.toMatchObject({ code: 'account_disabled' });
  });

  it('forgets a token of a team as soon as its user has left', async () => {
    await identity.joinTeam('red', ann);
    const text = token('j-1', { teams: ['red'] });
    expect(await cache.principalOf(text)).toMatchObject({ teams: { kind: 'teams' } });
    await identity.leaveTeam('red', ann);
    identity.bus.publish({ kind: 'user_changed', userId: ann.id });
    expect(await ask(text)).toBe('team_left');
  });

  it('uses and remembers nothing while changes may be unheard', async () => {
    const bus = new PartitionedBus();
    cache = new PrincipalCache(resolver, bus, settingsOf(AuthSettings));
    await cache.principalOf(token('j-1'));
    bus.connected = false;
    await cache.principalOf(token('j-1'));
    await cache.principalOf(token('j-2'));
    expect(resolver.asked).toBe(3);
    // Unheard: the bus of another replica.
    await revoke('j-1');
    await expect(cache.principalOf(token('j-1'))).rejects.toMatchObject({ code: 'token_revoked' });
    bus.publish({ kind: 'anything_changed' });
    bus.connected = true;
    await expect(cache.principalOf(token('j-1'))).rejects.toMatchObject({ code: 'token_revoked' });
    await cache.principalOf(token('j-2'));
    await cache.principalOf(token('j-2'));
    expect(resolver.asked).toBe(6);
  });
});
