import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANN, type Claims, CLIENT, ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';
import { ADMIN } from '../../fixtures/running-gateway.js';
import { seconds } from '../../fixtures/signed-token.js';
import { addUser } from '../../fixtures/people.js';

const FAILED = '/admin/login?error=sso_failed';
const BOB = { sub: 'bob', email: 'bob@example.com', email_verified: true } as const;

describe('what a provider says of people', () => {
  let idp: ScriptedIdp;
  let rival: ScriptedIdp;
  let gate: SsoGate;
  beforeAll(async () => {
    [idp, rival, gate] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start(), SsoGate.start()]);
    await gate.provider('acme', idp);
    await gate.provider('rival', rival);
    await gate.signIn('acme', idp);
  });
  afterEach(() => {
    idp.reset();
    rival.reset();
  });
  afterAll(async () => {
    await gate.stop();
    await Promise.all([idp.close(), rival.close()]);
  });

  const halfHash = (text: string): string =>
    createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

  describe('is refused with an ID token (attack 39)', () => {
    const tokens: Record<string, Claims> = {
      'for another client': { aud: 'another' },
      'for two clients, without azp': { aud: [CLIENT.id, 'another'] },
      'for two clients, of another': { aud: [CLIENT.id, 'another'], azp: 'another' },
      'whose azp is another client': { azp: 'another' },
      'without an audience': { aud: undefined },
      'of another issuer': { iss: 'https://evil.example' },
      'of its issuer with a slash more': { iss: 'SLASH' },
      'with another nonce': { nonce: 'another' },
      'without a nonce': { nonce: undefined },
      'that expired': { exp: seconds(-120) },
      'without an end': { exp: undefined },
      'of tomorrow': { iat: seconds(86_400) },
      'without iat': { iat: undefined },
      'that counts later': { nbf: seconds(600) },
      'without sub': { sub: undefined },
      'whose sub is empty': { sub: '' },
      'whose sub is a number': { sub: 7 },
      'whose sub is without end': { sub: 'a'.repeat(300) },
      'that goes with another access token': { at_hash: halfHash('another') },
      'whose at_hash is no text': { at_hash: 1 },
    };

    it.each(Object.keys(tokens))('%s', async (name) => {
      const claims = tokens[name] ?? {};
      idp.claims = claims['iss'] === 'SLASH' ? { iss: `${idp.issuer}/` } : claims;
      const { location, session } = await gate.signIn('acme', idp);
      expect([location, session]).toEqual([FAILED, undefined]);
    });

    it.each(['other key', 'HS256', 'none'] as const)('signed with %s', async (signature) => {
      idp.signature = signature;
      const { location, session } = await gate.signIn('acme', idp);
      expect([location, session]).toEqual([FAILED, undefined]);
    });

    it('of another provider that is configured too (mix-up)', async () => {
      rival.claims = { iss: idp.issuer };
      expect((await gate.signIn('rival', rival)).location).toBe(FAILED);
      rival.reset();
      const begun = await gate.begin('rival');
      const query = { code: rival.code(begun.authorizationUrl), state: begun.state, iss: idp.issuer };
      expect((await gate.comeBack('rival', query, begun.cookie)).location).toBe(FAILED);
    });

    it('and is believed with one whose at_hash fits', async () => {
      idp.claims = { at_hash: halfHash('opaque') };
      expect((await gate.signIn('acme', idp)).location).toBe('/admin');
    });
  });

  it('is refused when the userinfo endpoint speaks of somebody else', async () => {
    idp.userinfo = { sub: 'somebody else', groups: ['admins'] };
    expect((await gate.signIn('acme', idp)).location).toBe(FAILED);
  });

  it.each([
    ['false', false],
    ['absent', undefined],
    ['the text "true"', 'true'],
    ['1', 1],
    ['null', null],
  ])('is refused when email_verified is %s', async (_, said) => {
    const person = { ...BOB, ...(said === undefined ? {} : { email_verified: said }) };
    const { location, session } = await gate.signIn(
      'acme',
      idp,
      said === undefined ? { sub: 'bob', email: BOB.email } : person,
    );
    expect([location, session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'email_not_verified']);
  });

  it('is refused without an address, or with one that is none', async () => {
    for (const email of [undefined, '', 'bob', ['bob@example.com'], 'bob@example.com\nadmin@example.com']) {
      const { location } = await gate.signIn('acme', idp, { sub: 'bob', email, email_verified: true });
      expect([location, await gate.lastFailure()]).toEqual([FAILED, 'email_missing']);
    }
  });

  it('does not open the account of the local administrator, nor any other', async () => {
    await addUser(gate.running, 'local@example.com');
    for (const email of [ADMIN.email, ADMIN.email.toUpperCase(), 'local@example.com']) {
      const { location, session } = await gate.signIn('acme', idp, { ...BOB, email });
      expect([location, session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'account_exists']);
    }
  });

  it('does not open the account of somebody at another provider (attack 40)', async () => {
    const { location, session } = await gate.signIn('rival', rival);
    expect([location, session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'account_exists']);
    const { location: also } = await gate.signIn('rival', rival, { ...ANN, email: 'other@example.com' });
    expect(also).toBe('/admin');
    expect((await gate.signIn('acme', idp)).location).toBe('/admin');
  });

  it('makes nobody an administrator that was not mapped (attack 40)', async () => {
    const claims = { is_admin: true, admin: true, role: 'admin', roles: ['platform_admin'], groups: ['admins'] };
    const { session } = await gate.signIn('acme', idp, { ...BOB, ...claims });
    expect(await gate.me(session)).toMatchObject({ email: BOB.email, is_admin: false });
  });

  it('does not let in who was deactivated', async () => {
    const person = { sub: 'leaver', email: 'leaver@example.com', email_verified: true };
    await gate.signIn('acme', idp, person);
    await gate.running.rest('PATCH', '/auth/email/admin/users/leaver@example.com', { is_active: false });
    const { location, session } = await gate.signIn('acme', idp, person);
    expect([location, session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'account_disabled']);
  });
});
