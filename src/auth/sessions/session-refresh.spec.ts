import type { Principal } from '#libs/policy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import { memberOf, somebody } from '../../../test/fixtures/principals.js';
import type { SessionParts } from '../../../test/fixtures/session-parts.js';
import { GatewayError } from '../../http/errors.js';
import { Counters, CountersUnavailableError, type Taken } from '../../limits/counters.js';
import { MemoryCounters } from '../../limits/memory-counters.js';
import { AuthEvent } from '../events/auth-event.entity.js';
import { AuthEvents } from '../events/auth-events.js';
import type { User } from '../accounts/user.entity.js';
import { SessionRefresh } from './session-refresh.js';
import { UserSession } from './user-session.entity.js';

const CLIENT = { address: '192.0.2.7', agent: 'a test' };

class UnreachableCounters extends Counters {
  take(): Promise<Taken> {
    return Promise.reject(new CountersUnavailableError(new Error('no connection')));
  }

  async clear(): Promise<void> {}
}

describe(SessionRefresh.name, () => {
  let identity: Identity;
  let parts: SessionParts;
  let refreshes: SessionRefresh;
  let ann: User;
  let caller: Principal;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    identity = await Identity.open();
    parts = identity.sessionParts();
    refreshes = refreshWith(new MemoryCounters());
    ann = await identity.addUser('ann@example.com');
    caller = await resolve((await parts.service.start(ann, CLIENT)).token);
  });
  afterEach(() => {
    vi.useRealTimers();
    return identity.close();
  });

  const refreshWith = (counters: Counters, variables: Record<string, string> = {}): SessionRefresh => {
    const events = new AuthEvents(identity.database.getRepository(AuthEvent));
    const { repository, service, issuer, settings } = identity.sessionParts({ session: variables });
    return new SessionRefresh(
      repository,
      service,
      issuer,
      identity.revocations,
      events,
      counters,
      identity.bus,
      settings,
    );
  };
  const resolve = (token: string): Promise<Principal> => identity.resolver().resolve(token);
  const refusal = async (act: Promise<unknown>): Promise<unknown> => {
    const error: unknown = await act.then(
      () => 'taken',
      (reason: unknown) => reason,
    );
    return error instanceof GatewayError ? error.reason : error;
  };
  const refresh = (by = caller): Promise<unknown> => refusal(refreshes.refresh(by, CLIENT));
  const events = (): Promise<AuthEvent[]> => identity.database.getRepository(AuthEvent).find();
  const session = (): Promise<UserSession> => identity.database.getRepository(UserSession).findOneByOrFail({});
  const pass = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);

  it('exchanges a token for the next of the same session', async () => {
    const before = await session();
    pass(60);
    const next = await refreshes.refresh(caller, CLIENT);
    const principal = await resolve(next.token);
    expect(principal).toMatchObject({ kind: 'session', sessionId: caller.sessionId, tokenId: next.jti });
    const after = await session();
    expect(after).toMatchObject({ currentJti: next.jti, startedAt: before.startedAt, expiresAt: before.expiresAt });
    expect(after.lastUsedAt.getTime()).toBe(Date.now());
    const spent = await identity.revocations.byJti(caller.tokenId ?? '');
    expect(spent).toMatchObject({ reason: 'token_refresh', revokedBy: 'ann@example.com' });
    expect(spent?.tokenExpiry?.getTime()).toBe(caller.expiresAt);
  });

  it('goes on for as long as the session may, and no token lives longer', async () => {
    refreshes = refreshWith(new MemoryCounters(), { SESSION_REFRESH_RATE_LIMIT: '100' });
    const { expiresAt } = await session();
    let current = caller;
    for (let minutes = 15; minutes < 480; minutes += 15) {
      pass(15 * 60);
      current = await resolve((await refreshes.refresh(current, CLIENT)).token);
      expect(current.expiresAt).toBeLessThanOrEqual(expiresAt.getTime());
    }
    pass(15 * 60);
    expect(await refresh(current)).toBe('session_over');
  });

  it('lets one of many at once win, and the session goes on', async () => {
    refreshes = refreshWith(new MemoryCounters(), { SESSION_REFRESH_RATE_LIMIT: '100' });
    const all = await Promise.all(Array.from({ length: 20 }, () => refresh()));
    expect(all.filter((outcome) => outcome === 'taken')).toHaveLength(1);
    expect(all.filter((outcome) => outcome === 'token_revoked')).toHaveLength(19);
    expect((await session()).endedAt).toBeNull();
    expect(await events()).toEqual([]);
  });

  it('takes a token that comes again within seconds for a double click', async () => {
    await refreshes.refresh(caller, CLIENT);
    pass(9);
    expect(await refresh()).toBe('token_revoked');
    expect((await session()).endedAt).toBeNull();
  });

  it('ends the session when an exchanged token comes again later, for both who hold its tokens', async () => {
    const next = await refreshes.refresh(caller, CLIENT);
    pass(10);
    expect(await refresh()).toBe('token_revoked');
    expect(await session()).toMatchObject({ endReason: 'token_reuse' });
    expect(await refusal(resolve(next.token))).toBe('session_ended');
    expect(await refresh(await somebodyWith(next.jti))).toBe('session_ended');
    await refresh();
    expect(await events()).toMatchObject([
      {
        userEmail: 'ann@example.com',
        eventType: 'token_refresh',
        success: false,
        failureReason: 'token_reuse',
        ipAddress: '192.0.2.7',
        details: { session_id: caller.sessionId },
      },
    ]);
  });

  const somebodyWith = async (tokenId: string): Promise<Principal> => ({ ...caller, tokenId });

  it('does not take a token that was revoked otherwise for a theft', async () => {
    const jti = caller.tokenId ?? '';
    await identity.revocations.revoke({ jti, revokedBy: 'admin', reason: 'lost', tokenExpiry: null });
    pass(60);
    expect(await refresh()).toBe('token_revoked');
    expect(await session()).toMatchObject({ endedAt: null, currentJti: jti });
  });

  it.each<[string, Partial<Principal>]>([
    ['an API token', { kind: 'api_token' }],
    ['a session token signed elsewhere', { kind: 'session' }],
    ['a token without jti', { kind: 'session', sessionId: 's-1' }],
    ['a caller named by a proxy', { kind: 'proxy' }],
  ])('is not for %s', async (_, more) => {
    expect(await refresh(somebody('ann@example.com', memberOf(), more))).toBe('session_required');
  });

  it('is not for a session that has ended', async () => {
    await parts.service.endAll(ann.id, 'deactivated');
    expect(await refresh()).toBe('session_ended');
  });

  it('is limited for each session', async () => {
    refreshes = refreshWith(new MemoryCounters(), { SESSION_REFRESH_RATE_LIMIT: '2' });
    const other = await resolve((await parts.service.start(ann, CLIENT)).token);
    const second = await resolve((await refreshes.refresh(caller, CLIENT)).token);
    const third = await resolve((await refreshes.refresh(second, CLIENT)).token);
    const refused: unknown = await refreshes.refresh(third, CLIENT).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'too_many_requests', status: 429 });
    const { retryAfterSeconds } = refused as GatewayError;
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(await refresh(other)).toBe('taken');
    // It cost the session nothing.
    expect(await resolve((await refreshWith(new MemoryCounters()).refresh(third, CLIENT)).token)).toBeDefined();
  });

  it('is refused while nobody can count', async () => {
    refreshes = refreshWith(new UnreachableCounters());
    expect(await refresh()).toBe('no_counters');
  });
});
