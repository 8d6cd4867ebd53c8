import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import type { SessionParts } from '../../../test/fixtures/session-parts.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { seconds, signedToken } from '../../../test/fixtures/signed-token.js';
import type { Change } from '../../changes/change-bus.js';
import { AuthSettings } from '../auth.settings.js';
import { PrincipalCache } from '../principals/principal-cache.js';
import { PrincipalResolver } from '../principals/principal-resolver.js';
import type { User } from '../accounts/user.entity.js';
import { SessionService } from './session.service.js';
import { UserSession } from './user-session.entity.js';

const CLIENT = { address: '192.0.2.7', agent: 'x'.repeat(300) };
const MINUTE = 60_000;

describe(SessionService.name, () => {
  let identity: Identity;
  let parts: SessionParts;
  let cache: PrincipalCache;
  let changes: Change[];
  let ann: User;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    identity = await Identity.open();
    ann = await identity.addUser('ann@example.com');
    // Tokens that outlive idleness and the absolute limit, so that these end the session and not `exp`.
    parts = identity.sessionParts({ auth: { TOKEN_EXPIRY: '1440' } });
    cache = replica(parts.service);
    changes = [];
    identity.bus.subscribe((change) => changes.push(change));
  });
  afterEach(() => {
    vi.useRealTimers();
    return identity.close();
  });

  /** What remembers principals, as one replica has it. */
  const replica = (service: SessionService): PrincipalCache => {
    const [verifier, revocations, users, directory, , ...rest] = identity.resolverParts();
    const resolver = new PrincipalResolver(verifier, revocations, users, directory, service, ...rest);
    return new PrincipalCache(resolver, identity.bus, settingsOf(AuthSettings, { AUTH_CACHE_USER_TTL: '300' }));
  };
  const ask = async (token: string, by = cache): Promise<string> => {
    try {
      return (await by.principalOf(token)).sessionId === undefined ? 'no session' : 'ok';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const pass = (minutes: number): void => void vi.setSystemTime(Date.now() + minutes * MINUTE);
  const rowOf = (token: string): Promise<UserSession> => {
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string };
    return identity.database.getRepository(UserSession).findOneByOrFail({ id: sid });
  };

  it('writes a sign-in down, without its token', async () => {
    const { token, jti, userId } = await parts.service.start(ann, CLIENT);
    const row = await rowOf(token);
    expect(row).toMatchObject({
      userId: ann.id,
      currentJti: jti,
      authProvider: 'local',
      endedAt: null,
      ipAddress: '192.0.2.7',
      userAgent: 'x'.repeat(255),
    });
    expect(userId).toBe(ann.id);
    expect(row.expiresAt.getTime() - row.startedAt.getTime()).toBe(480 * MINUTE);
    for (const part of token.split('.')) expect(JSON.stringify(row)).not.toContain(part);
  });

  it('signs tokens that do not outlive their session', async () => {
    const { token, expiresInSeconds, expiresAt } = await parts.service.start(ann, CLIENT);
    expect(expiresInSeconds).toBeLessThanOrEqual(480 * 60);
    expect(expiresAt.getTime()).toBeLessThanOrEqual((await rowOf(token)).expiresAt.getTime());
    expect((await cache.principalOf(token)).expiresAt).toBe(expiresAt.getTime());
    const usual = await identity.sessionParts().service.start(ann, CLIENT);
    expect(usual.expiresInSeconds).toBe(20 * 60);
  });

  it('lets a session be idle for an hour and no longer, also when its principal is remembered', async () => {
    const { token } = await parts.service.start(ann, CLIENT);
    expect(await ask(token)).toBe('ok');
    pass(59);
    expect(await ask(token)).toBe('ok');
    pass(59);
    expect(await ask(token)).toBe('ok');
    pass(60);
    expect(await ask(token)).toBe('session_idle');
    expect(await ask(token)).toBe('session_idle');
  });

  it('notices on every replica that a session is used on one of them', async () => {
    const other = identity.sessionParts({ auth: { TOKEN_EXPIRY: '1440' } });
    const elsewhere = replica(other.service);
    const { token } = await parts.service.start(ann, CLIENT);
    expect([await ask(token), await ask(token, elsewhere)]).toEqual(['ok', 'ok']);
    for (let half = 0; half < 4; half += 1) {
      pass(30);
      expect(await ask(token)).toBe('ok');
      await parts.activity.flush();
    }
    expect(await ask(token, elsewhere)).toBe('ok');
    await other.activity.flush();
    pass(60);
    expect([await ask(token), await ask(token, elsewhere)]).toEqual(['session_idle', 'session_idle']);
  });

  it('ends a session at its absolute limit, however much it is used', async () => {
    const { token } = await parts.service.start(ann, CLIENT);
    const row = await rowOf(token);
    // A token that would live on, of a session that was cut short.
    await identity.database.getRepository(UserSession).update({ id: row.id }, { expiresAt: new Date(Date.now() + 1) });
    expect(await ask(token)).toBe('ok');
    identity.bus.publish({ kind: 'user_changed', userId: ann.id });
    pass(1);
    expect(await ask(token)).toBe('session_over');
  });

  it('kills every token of a session that ends, and no other', async () => {
    const [first, second] = [await parts.service.start(ann, CLIENT), await parts.service.start(ann, CLIENT)];
    const { id } = await rowOf(first.token);
    await Promise.all([ask(first.token), ask(second.token)]);
    expect(await parts.service.end({ id }, 'logout')).toBe(true);
    expect(changes).toEqual([{ kind: 'session_ended', sessionId: id }]);
    expect([await ask(first.token), await ask(second.token)]).toEqual(['session_ended', 'ok']);
    expect(await parts.service.end({ id }, 'again')).toBe(false);
    expect(await rowOf(first.token)).toMatchObject({ endReason: 'logout' });
  });

  it('ends one only for its owner, where the owner is named', async () => {
    const { token } = await parts.service.start(ann, CLIENT);
    const { id } = await rowOf(token);
    expect(await parts.service.end({ id, userId: 'somebody else' }, 'logout')).toBe(false);
    expect(changes).toEqual([]);
    expect(await ask(token)).toBe('ok');
  });

  it('ends all of a user, or all but one, and nobody else’s', async () => {
    const bob = await identity.addUser('bob@example.com');
    const his = await parts.service.start(bob, CLIENT);
    const hers = [];
    for (let count = 0; count < 3; count += 1) hers.push((await parts.service.start(ann, CLIENT)).token);
    const [kept = '', ...others] = hers;
    for (const token of [...hers, his.token]) expect(await ask(token)).toBe('ok');
    expect(await parts.service.endAll(ann.id, 'logout_elsewhere', (await rowOf(kept)).id)).toBe(2);
    expect(await ask(kept)).toBe('ok');
    for (const token of others) expect(await ask(token)).toBe('session_ended');
    expect(await parts.service.endAll(ann.id, 'password_changed')).toBe(1);
    expect(await ask(kept)).toBe('session_ended');
    expect(await ask(his.token)).toBe('ok');
    expect(await parts.service.endAll(ann.id, 'password_changed')).toBe(0);
  });

  it('refuses tokens of a session that is no more, and those of another’s', async () => {
    const { token, jti } = await parts.service.start(ann, CLIENT);
    const { id: sid } = await rowOf(token);
    const bob = await identity.addUser('bob@example.com');
    const forged = (claims: object): string => signedToken({ token_use: 'session', exp: seconds(60), ...claims });
    expect(await ask(forged({ sub: bob.id, sid }))).toBe('invalid_token');
    expect(await ask(forged({ sub: ann.id, sid: 'unknown' }))).toBe('session_ended');
    expect(await ask(forged({ sub: ann.id }))).toBe('no session');
    await parts.repository.purge(new Date(Date.now() + 481 * MINUTE));
    identity.bus.publish({ kind: 'token_revoked', jti });
    expect(await ask(token)).toBe('session_ended');
  });

  it('lists those that still run', async () => {
    const { token } = await parts.service.start(ann, CLIENT);
    pass(30);
    const second = await parts.service.start(ann, CLIENT);
    await parts.service.end({ id: (await rowOf(second.token)).id }, 'logout');
    const third = await parts.service.start(ann, CLIENT);
    const ids = async (): Promise<string[]> => (await parts.service.running(ann.id)).map(({ id }) => id);
    expect(await ids()).toEqual([(await rowOf(third.token)).id, (await rowOf(token)).id]);
    pass(31);
    expect(await ids()).toEqual([(await rowOf(third.token)).id]);
  });
});
