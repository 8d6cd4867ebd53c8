import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Principal } from '#libs/policy';
import { Identity } from '../../../test/fixtures/identity.js';
import { holding, memberOf, publicOnly } from '../../../test/fixtures/principals.js';
import type { User } from '../../auth/accounts/user.entity.js';
import { TokenRevocation } from '../../auth/jwt/token-revocation.entity.js';
import { CredentialCheck } from '../../auth/principals/credential-check.js';
import { UserSession } from '../../auth/sessions/user-session.entity.js';
import type { RequestContext } from '../../http/request-context.js';
import { OpenCalls } from './open-calls.js';

describe(OpenCalls.name, () => {
  let identity: Identity;
  let calls: OpenCalls;
  let ann: User;
  let ended: string[];
  beforeEach(async () => {
    identity = await Identity.open();
    ann = await identity.addUser('ann@example.com');
    const { revocations, users, directory, memberships, bus } = identity;
    const sessions = identity.sessionParts().repository;
    calls = new OpenCalls(
      new CredentialCheck(revocations, users, directory, sessions, memberships, identity.roleGrants()),
      bus,
    );
    ended = [];
  });
  afterEach(async () => {
    vi.useRealTimers();
    await calls.onApplicationShutdown();
    await identity.close();
  });

  const principal = (tokenId: string, more: Partial<Principal> = {}): Principal => ({
    ...publicOnly,
    userId: ann.id,
    tokenId,
    // Of the role that everybody has.
    grants: holding('tools.read'),
    ...more,
  });
  /** A call that writes down how it ended. */
  const open = (who: Principal, startedAt = performance.now()): (() => void) => {
    const context = { principal: who, startedAt } as RequestContext;
    const close: () => void = calls.add(context, (fault) => {
      ended.push(`${who.tokenId} ${fault}`);
      forget();
    });
    const forget = (): void => close();
    return close;
  };
  const revoke = (jti: string): Promise<void> =>
    identity.revocations.revoke({ jti, revokedBy: 'test', reason: null, tokenExpiry: null });

  it('ends the calls of a token that is revoked, and no others', async () => {
    open(principal('mine'));
    open(principal('mine'));
    open(principal('other'));
    await revoke('mine');
    expect(ended).toEqual(['mine token_revoked', 'mine token_revoked']);
  });

  it('ends the calls of a user who is changed, with whatever token', () => {
    open(principal('one'));
    open(principal('two', { userId: 'somebody else' }));
    identity.bus.publish({ kind: 'user_changed', userId: ann.id });
    expect(ended).toEqual(['one user_changed']);
  });

  it('ends the calls of a session that has ended, and of a token that was changed', () => {
    open(principal('one', { sessionId: 's-1' }));
    open(principal('two', { sessionId: 's-2' }));
    identity.bus.publish({ kind: 'session_ended', sessionId: 's-1' });
    identity.bus.publish({ kind: 'token_changed', jti: 'two' });
    expect(ended).toEqual(['one session_ended', 'two token_changed']);
  });

  it('leaves alone what is over', async () => {
    open(principal('mine'))();
    await revoke('mine');
    expect(ended).toEqual([]);
  });

  it('minds nothing of the registry', () => {
    open(principal('mine'));
    identity.bus.publish({ kind: 'registry_changed' });
    expect(ended).toEqual([]);
  });

  it('ends at once what was let in before its token was revoked and comes later, but not what is let in after', async () => {
    const before = performance.now();
    await revoke('mine');
    const late = { principal: principal('mine'), startedAt: before } as RequestContext;
    calls.add(late, (fault) => ended.push(`late ${fault}`))();
    expect(ended).toEqual(['late token_revoked']);
    open(principal('mine'));
    expect(ended).toHaveLength(1);
  });

  it('ends a call when its credential expires', async () => {
    vi.useFakeTimers();
    calls.onApplicationBootstrap();
    open(principal('short', { expiresAt: Date.now() + 5000 }));
    open(principal('long', { expiresAt: Date.now() + 60_000 }));
    await vi.advanceTimersByTimeAsync(4999);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(501);
    expect(ended).toEqual(['short token_expired']);
  });

  it('looks every caller up when anything may have changed', async () => {
    open(principal('revoked'));
    open(principal('good'));
    open(principal('raised', { isAdmin: true }));
    open(principal('gone', { userId: 'nobody' }));
    // As another replica does it.
    const elsewhere = { jti: 'revoked', revokedBy: 'test', reason: null, tokenExpiry: null, revokedAt: new Date() };
    await identity.database.getRepository(TokenRevocation).insert(elsewhere);
    identity.bus.publish({ kind: 'anything_changed' });
    await expect.poll(() => ended).toHaveLength(3);
    expect(ended.sort()).toEqual(['gone token_revoked', 'raised token_revoked', 'revoked token_revoked']);
  });

  it('looks up sessions, tokens of the catalogue and teams as well', async () => {
    const { service } = identity.sessionParts();
    for (let count = 0; count < 2; count += 1) await service.start(ann, { address: '', agent: '' });
    const [first, second] = await service.running(ann.id);
    await identity.joinTeam('red', ann);
    identity.directory.add('t-off', 'any', { userId: ann.id, active: false });
    identity.directory.add('t-on', 'any', { userId: ann.id });
    open(principal('s-ended', { ...(first && { sessionId: first.id }) }));
    open(principal('s-runs', { ...(second && { sessionId: second.id }) }));
    open(principal('t-off'));
    open(principal('t-on'));
    open(principal('t-red', { teams: memberOf('red') }));
    open(principal('t-blue', { teams: memberOf('red', 'blue') }));
    // As another replica does it.
    const elsewhere = { endedAt: new Date(), endReason: 'password_changed' };
    await identity.database.getRepository(UserSession).update({ id: first?.id ?? '' }, elsewhere);
    identity.bus.publish({ kind: 'anything_changed' });
    await expect.poll(() => ended).toHaveLength(3);
    expect(ended.sort()).toEqual(['s-ended token_revoked', 't-blue token_revoked', 't-off token_revoked']);
  });

  it('looks every caller up when roles changed, and ends whom they grant less', async () => {
    open(principal('less', { grants: holding('tools.execute') }));
    open(principal('same'));
    open(principal('more', { grants: holding() }));
    identity.bus.publish({ kind: 'roles_changed' });
    await expect.poll(() => ended).toEqual(['less token_revoked']);
    await calls.onApplicationShutdown();
    expect(ended).toEqual(['less token_revoked']);
  });

  it('ends every call when the callers cannot be looked up', async () => {
    open(principal('mine'));
    await identity.close();
    identity.bus.publish({ kind: 'anything_changed' });
    await expect.poll(() => ended).toEqual(['mine token_revoked']);
    identity = await Identity.open();
  });
});
