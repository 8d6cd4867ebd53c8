import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileRestrictions } from '#libs/policy';
import { Identity } from '../../../test/fixtures/identity.js';
import { signedToken } from '../../../test/fixtures/signed-token.js';
import type { User } from '../accounts/user.entity.js';
import { ResolvedPrincipals } from './resolved-principals.js';

const restrictions = compileRestrictions({
  serverId: null,
  permissions: ['tools.read'],
  ipRestrictions: [],
  timeRules: ['weekdays_only'],
});

describe(ResolvedPrincipals.name, () => {
  let identity: Identity;
  let principals: ResolvedPrincipals;
  let ann: User;
  beforeAll(async () => {
    identity = await Identity.open();
    principals = new ResolvedPrincipals(identity.resolver());
    ann = await identity.addUser('ann@example.com');
    await identity.joinTeam('red', ann);
  });
  afterAll(() => identity.close());

  const codeOf = (answer: Promise<unknown>): Promise<unknown> => answer.catch(({ code }: { code: string }) => code);

  it('are those whom a sign-in and a call with the token make', async () => {
    const {
      tokenId: _,
      expiresAt: __,
      ...session
    } = await identity.resolver().resolve(signedToken({ sub: ann.id, token_use: 'session' }));
    expect(await principals.signedIn('Ann@example.com')).toMatchObject(session);
    const token = signedToken({ sub: ann.id, jti: 'j-red' });
    identity.directory.add('j-red', token, { userId: ann.id, teamId: 'red', restrictions });
    const { expiresAt: ___, ...called } = await identity.resolver().resolve(token);
    expect(await principals.ofApiToken('j-red')).toMatchObject(called);
  });

  it('are refused as those would be', async () => {
    identity.directory.add('j-off', 'any', { userId: ann.id, active: false });
    identity.directory.add('j-over', 'any', { userId: ann.id, expiresAt: new Date(Date.now() - 1) });
    identity.directory.add('j-left', 'any', { userId: ann.id, teamId: 'blue' });
    identity.directory.add('j-revoked', 'any', { userId: ann.id });
    await identity.revocations.revoke({ jti: 'j-revoked', revokedBy: 'test', reason: null, tokenExpiry: null });
    const codes = ['j-off', 'j-over', 'j-left', 'j-revoked', 'j-none'].map((id) => codeOf(principals.ofApiToken(id)));
    expect(await Promise.all(codes)).toEqual([
      'token_revoked',
      'token_expired',
      'team_left',
      'token_revoked',
      'not_found',
    ]);
    const gone = await identity.addUser('gone@example.com');
    await identity.users.setActive(gone.id, false);
    expect(await codeOf(principals.signedIn('gone@example.com'))).toBe('account_disabled');
    expect(await codeOf(principals.signedIn('nobody@example.com'))).toBe('user_not_found');
  });
});
