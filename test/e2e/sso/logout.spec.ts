import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SsoSession } from '../../../src/sso/logout/sso-session.entity.js';
import { ANN, type Claims, CLIENT, ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';
import { ADMIN } from '../../fixtures/running-gateway.js';
import { seconds } from '../../fixtures/signed-token.js';

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };

describe('signing out', () => {
  let idp: ScriptedIdp;
  let gate: SsoGate;
  let count = 0;
  beforeAll(async () => {
    [idp, gate] = await Promise.all([ScriptedIdp.start(), SsoGate.start()]);
    await gate.provider('acme', idp);
  });
  afterEach(() => idp.reset());
  afterAll(async () => {
    await gate.stop();
    await idp.close();
  });

  const runs = async (session: string | undefined): Promise<boolean> =>
    (await gate.running.rest('GET', '/auth/email/me', undefined, session ?? '')).status === 200;
  const signIn = async (sid: string): Promise<string | undefined> =>
    (await gate.signIn('acme', idp, { ...ANN, sid })).session;

  const logoutToken = (claims: Claims): Promise<string> => {
    count += 1;
    return idp.idToken({ jti: `token-${count}`, events: EVENTS, ...claims });
  };
  const send = async (token: string, provider = 'acme', type = 'application/x-www-form-urlencoded') => {
    const response = await fetch(`${gate.running.url}/auth/sso/backchannel-logout/${provider}`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: new URLSearchParams({ logout_token: token }).toString(),
    });
    await response.arrayBuffer();
    return { status: response.status, cache: response.headers.get('cache-control') };
  };

  it('says where the session at the provider ends, and ends its own', async () => {
    const session = await signIn('s1');
    const { status, body } = await gate.running.rest('POST', '/auth/sso/logout', undefined, session ?? '');
    expect(status).toBe(200);
    const url = new URL(body.logout_url);
    expect(url.origin + url.pathname).toBe(`${idp.issuer}/logout`);
    expect(url.searchParams.get('client_id')).toBe(CLIENT.id);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${gate.running.url}/admin/login`);
    expect(url.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3);
    expect(await runs(session)).toBe(false);
  });

  it('keeps the hint sealed', async () => {
    await signIn('sealed');
    const rows = await gate.database.getRepository(SsoSession).find();
    expect(rows.filter(({ idToken }) => idToken === null || idToken.startsWith('eyJ'))).toEqual([]);
  });

  it('of one with a password names no provider', async () => {
    const { body } = await gate.running.rest('POST', '/auth/login', ADMIN, null);
    const out = await gate.running.rest('POST', '/auth/sso/logout', undefined, body.access_token);
    expect(out.body.logout_url).toBeNull();
  });

  it('at the provider ends the session of that sign-in, at once', async () => {
    const [one, two] = [await signIn('a'), await signIn('b')];
    expect([await runs(one), await runs(two)]).toEqual([true, true]);
    expect(await send(await logoutToken({ sid: 'a' }))).toEqual({ status: 200, cache: 'no-store' });
    expect([await runs(one), await runs(two)]).toEqual([false, true]);
  });

  it('at the provider ends all sessions of somebody, and of nobody else', async () => {
    const [one, two] = [await signIn('c'), await signIn('d')];
    const other = await gate.signIn('acme', idp, { sub: 'bea', email: 'bea@example.com', email_verified: true });
    expect((await send(await logoutToken({ sub: ANN.sub }))).status).toBe(200);
    expect([await runs(one), await runs(two), await runs(other.session)]).toEqual([false, false, true]);
  });

  describe('at the provider is refused with a token', () => {
    const tokens: Record<string, Claims> = {
      'of another issuer': { iss: 'https://evil.example' },
      'for another client': { aud: 'another' },
      'with a nonce, which is an ID token': { nonce: 'a' },
      'without events': { events: undefined },
      'about another event': { events: { 'https://example.com/other': {} } },
      'whose event is no object': { events: { 'http://schemas.openid.net/event/backchannel-logout': true } },
      'without jti': { jti: undefined },
      'without iat': { iat: undefined },
      'that is old': { iat: seconds(-3600), exp: seconds(300) },
      'that expired': { exp: seconds(-300) },
      'that names nobody': { sub: undefined },
      'whose sid is no text': { sid: { $ne: '' } },
    };

    it.each(Object.keys(tokens))('%s', async (name) => {
      const session = await signIn('e');
      expect((await send(await logoutToken({ sub: ANN.sub, ...tokens[name] }))).status).toBe(400);
      expect(await runs(session)).toBe(true);
    });

    it.each(['other key', 'HS256', 'none'] as const)('signed with %s', async (signature) => {
      const session = await signIn('f');
      idp.signature = signature;
      expect((await send(await logoutToken({ sub: ANN.sub }))).status).toBe(400);
      expect(await runs(session)).toBe(true);
    });

    it('of another type, or that was used', async () => {
      idp.header = { typ: 'at+jwt' };
      expect((await send(await logoutToken({ sub: ANN.sub }))).status).toBe(400);
      idp.header = { typ: 'logout+jwt' };
      const token = await logoutToken({ sub: ANN.sub });
      expect([(await send(token)).status, (await send(token)).status]).toEqual([200, 400]);
      const session = await signIn('g');
      expect((await send(token)).status).toBe(400);
      expect(await runs(session)).toBe(true);
    });

    it('in another form, of another provider, or of none', async () => {
      const token = await logoutToken({ sub: ANN.sub });
      expect((await send(token, 'acme', 'application/json')).status).toBe(415);
      expect((await send(token, 'nobody')).status).toBe(404);
      expect((await send('garbage')).status).toBe(400);
      expect((await send('a'.repeat(20_000))).status).toBe(422);
    });
  });
});
