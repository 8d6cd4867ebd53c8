import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AuthEvent } from '../../../src/auth/events/auth-event.entity.js';
import { SsoAuthSession } from '../../../src/sso/login/sso-auth-session.entity.js';
import { SsoProvider } from '../../../src/sso/providers/sso-provider.entity.js';
import { ANN, CLIENT, ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const FAILED = '/admin/login?error=sso_failed';

describe('signing in at a provider', () => {
  let idp: ScriptedIdp;
  let gate: SsoGate;
  beforeAll(async () => {
    [idp, gate] = await Promise.all([ScriptedIdp.start(), SsoGate.start()]);
    await gate.provider('acme', idp);
  });
  afterEach(() => idp.reset());
  afterAll(async () => {
    await gate.stop();
    await idp.close();
  });

  const pending = (): Promise<number> => gate.database.getRepository(SsoAuthSession).count();

  it('makes an account, and a session of it', async () => {
    const { status, location, session } = await gate.signIn('acme', idp);
    expect([status, location, await gate.lastFailure()]).toEqual([302, '/admin', undefined]);
    expect(await gate.me(session)).toMatchObject({ email: ANN.email, auth_provider: 'acme', is_admin: false });
    const [, payload = ''] = session?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ auth_provider: 'acme' });
    expect(await pending()).toBe(0);
  });

  it('finds the account again, whatever its address is by then', async () => {
    const { session } = await gate.signIn('acme', idp, { ...ANN, email: 'ann.married@example.com' });
    expect(await gate.me(session)).toMatchObject({ email: ANN.email });
  });

  it('sends the browser away with PKCE, a state and a nonce, and to no other gateway', async () => {
    const { authorizationUrl, state, cookie } = await gate.begin('acme');
    const url = new URL(authorizationUrl);
    expect(url.origin + url.pathname).toBe(`${idp.issuer}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: CLIENT.id,
      code_challenge_method: 'S256',
      redirect_uri: `${gate.running.url}/auth/sso/callback/acme`,
      response_type: 'code',
      scope: 'openid profile email',
      state,
    });
    expect(Buffer.from(state, 'base64url')).toHaveLength(32);
    expect(Buffer.from(url.searchParams.get('nonce') ?? '', 'base64url')).toHaveLength(32);
    expect(cookie).toMatch(/^__Host-portcullis_sso=[\w-]{43}$/);
  });

  it('sets a cookie that scripts, other hosts and other sites do not get', async () => {
    const response = await fetch(`${gate.running.url}/auth/sso/login/acme`);
    const [cookie = ''] = response.headers.getSetCookie();
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=600'])
      expect(cookie.split('; ')).toContain(attribute);
    expect(cookie).not.toContain('Domain');
  });

  it('stores no state, cookie or verifier as it is', async () => {
    const { state, cookie } = await gate.begin('acme');
    const [row] = await gate.database.getRepository(SsoAuthSession).find({ order: { expiresAt: 'DESC' }, take: 1 });
    const text = JSON.stringify(row);
    for (const secret of [state, cookie.split('=')[1] ?? '']) expect(text).not.toContain(secret);
    const [provider] = await gate.database.getRepository(SsoProvider).find();
    expect(JSON.stringify(provider)).not.toContain(CLIENT.secret);
  });

  it('ends where the browser was to go', async () => {
    const { location } = await gate.signIn('acme', idp, ANN, '?redirect_uri=/admin/tools%3Fpage=2');
    expect(location).toBe('/admin/tools?page=2');
  });

  it('takes fewer scopes, and no others', async () => {
    const { authorizationUrl } = await gate.begin('acme', '?scopes=email');
    expect(new URL(authorizationUrl).searchParams.get('scope')).toBe('openid email');
    const { status } = await gate.running.rest('GET', '/auth/sso/login/acme?scopes=email%20admin', undefined, null);
    expect(status).toBe(400);
  });

  it('answers 404 for a provider that there is not, or that is switched off', async () => {
    await gate.provider('closed', idp, { is_enabled: false });
    for (const id of ['nobody', 'closed', 'ACME', '..%2Facme', 'acme%00', '__proto__'])
      expect((await gate.running.rest('GET', `/auth/sso/login/${id}`, undefined, null)).status).toBe(404);
    const { body } = await gate.running.rest('GET', '/auth/sso/providers', undefined, null);
    expect(body).toEqual([{ id: 'acme', name: 'acme', display_name: 'acme' }]);
  });

  describe('refuses the callback, and forgets the sign-in (attack 38), with', () => {
    it('no state', async () => {
      const { authorizationUrl, cookie } = await gate.begin('acme');
      const back = await gate.comeBack('acme', { code: idp.code(authorizationUrl) }, cookie);
      expect([back.location, back.session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'state_missing']);
    });

    it('a foreign state', async () => {
      const { authorizationUrl, cookie } = await gate.begin('acme');
      const query = { code: idp.code(authorizationUrl), state: 'A'.repeat(43) };
      const back = await gate.comeBack('acme', query, cookie);
      expect([back.location, await gate.lastFailure()]).toEqual([FAILED, 'state_unknown']);
    });

    it('a state that was used', async () => {
      const { authorizationUrl, state, cookie } = await gate.begin('acme');
      const first = await gate.comeBack('acme', { code: idp.code(authorizationUrl), state }, cookie);
      expect(first.location).toBe('/admin');
      const again = await gate.comeBack('acme', { code: idp.code(authorizationUrl), state }, cookie);
      expect([again.location, again.session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'state_unknown']);
    });

    it('one state twice at once: one gets in', async () => {
      const { authorizationUrl, state, cookie } = await gate.begin('acme');
      const backs = await Promise.all(
        Array.from({ length: 8 }, () => gate.comeBack('acme', { code: idp.code(authorizationUrl), state }, cookie)),
      );
      expect(backs.filter(({ session }) => session !== undefined)).toHaveLength(1);
    });

    it('an expired state', async () => {
      const { authorizationUrl, state, cookie } = await gate.begin('acme');
      await gate.database
        .getRepository(SsoAuthSession)
        .update({ providerId: 'acme' }, { expiresAt: new Date(Date.now() - 1) });
      const back = await gate.comeBack('acme', { code: idp.code(authorizationUrl), state }, cookie);
      expect([back.location, await gate.lastFailure()]).toEqual([FAILED, 'state_expired']);
    });

    it.each([
      ['no cookie', async () => undefined],
      ['the cookie of another browser', async () => (await gate.begin('acme')).cookie],
    ])('%s', async (_, cookieOf) => {
      const { authorizationUrl, state, cookie } = await gate.begin('acme');
      const query = { code: idp.code(authorizationUrl), state };
      const back = await gate.comeBack('acme', query, await cookieOf());
      expect([back.location, back.session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'other_browser']);
      const late = await gate.comeBack('acme', query, cookie);
      expect([late.location, await gate.lastFailure()]).toEqual([FAILED, 'state_unknown']);
    });

    it('the state of a sign-in at another provider', async () => {
      await gate.provider('other', idp);
      const { authorizationUrl, state, cookie } = await gate.begin('other');
      const back = await gate.comeBack('acme', { code: idp.code(authorizationUrl), state }, cookie);
      expect([back.location, await gate.lastFailure()]).toEqual([FAILED, 'other_provider']);
    });

    it('a code that belongs to the verifier of another login', async () => {
      const [mine, theirs] = [await gate.begin('acme'), await gate.begin('acme')];
      const query = { code: idp.code(theirs.authorizationUrl), state: mine.state };
      const back = await gate.comeBack('acme', query, mine.cookie);
      expect([back.location, back.session]).toEqual([FAILED, undefined]);
      expect(await gate.lastFailure()).toMatch(/^oauth_/);
    });

    it('a code that was used', async () => {
      const first = await gate.begin('acme');
      const code = idp.code(first.authorizationUrl);
      await gate.comeBack('acme', { code, state: first.state }, first.cookie);
      const second = await gate.begin('acme');
      const back = await gate.comeBack('acme', { code, state: second.state }, second.cookie);
      expect([back.location, back.session]).toEqual([FAILED, undefined]);
    });

    it('a code of more than 4096 characters, which nobody is asked about', async () => {
      const { state, cookie } = await gate.begin('acme');
      idp.asked.length = 0;
      const back = await gate.comeBack('acme', { code: 'c'.repeat(4097), state }, cookie);
      expect([back.location, await gate.lastFailure(), idp.asked]).toEqual([FAILED, 'code_too_long', []]);
    });

    it('an error of the provider, and an error without a state', async () => {
      const denied = await gate.begin('acme');
      const back = await gate.comeBack('acme', { error: 'access_denied', state: denied.state }, denied.cookie);
      expect([back.location, await pending()]).toEqual(['/admin/login?error=access_denied', expect.any(Number)]);
      const bare = await gate.comeBack('acme', { error: 'access_denied' }, denied.cookie);
      expect([bare.location, await gate.lastFailure()]).toEqual([FAILED, 'state_missing']);
    });

    it('the `iss` of another, or none where it was promised (RFC 9207)', async () => {
      const strange = await gate.begin('acme');
      const query = { code: idp.code(strange.authorizationUrl), state: strange.state, iss: 'https://evil.example' };
      expect((await gate.comeBack('acme', query, strange.cookie)).location).toBe(FAILED);
      idp.metadata = { authorization_response_iss_parameter_supported: true };
      await gate.provider('promising', idp);
      expect((await gate.signIn('promising', idp)).location).toBe(FAILED);
      const begun = await gate.begin('promising');
      const person = { sub: 'pat', email: 'pat@example.com', email_verified: true };
      const sound = { code: idp.code(begun.authorizationUrl, person), state: begun.state, iss: idp.issuer };
      expect((await gate.comeBack('promising', sound, begun.cookie)).location).toBe('/admin');
    });
  });

  it('writes one event for each sign-in, with who, whence and why not', async () => {
    const events = gate.database.getRepository(AuthEvent);
    const before = await events.countBy({ eventType: 'login' });
    await gate.signIn('acme', idp);
    await gate.signIn('acme', idp, { ...ANN, sub: 'somebody else' });
    const rows = await events.find({ where: { eventType: 'login' }, order: { id: 'DESC' } });
    expect(rows).toHaveLength(before + 2);
    expect(rows[0]).toMatchObject({ success: false, userEmail: ANN.email, failureReason: 'identity_taken' });
    expect(rows[1]).toMatchObject({ success: true, userEmail: ANN.email, details: { auth_provider: 'acme' } });
  });

  it('takes no password of an account that came from there', async () => {
    for (const password of ['', ' ', 'Purple cows; never slept'])
      expect((await gate.running.rest('POST', '/auth/login', { email: ANN.email, password }, null)).status).not.toBe(
        200,
      );
  });

  it('lets no more sign-ins wait than it may', async () => {
    const small = await SsoGate.start({ SSO_MAX_PENDING_LOGINS: '10' });
    await small.provider('acme', idp);
    for (let each = 0; each < 10; each += 1) await small.begin('acme');
    expect((await small.running.rest('GET', '/auth/sso/login/acme', undefined, null)).status).toBe(503);
    await small.database
      .getRepository(SsoAuthSession)
      .update({ providerId: 'acme' }, { expiresAt: new Date(Date.now() - 1) });
    await small.begin('acme');
    expect(await small.database.getRepository(SsoAuthSession).count()).toBe(1);
    await small.stop();
  });

  it('is limited by address', async () => {
    const slow = await SsoGate.start({ RATE_LIMIT_CRITICAL_PER_MINUTE: '3' });
    const ask = async () => (await slow.running.rest('GET', '/auth/sso/login/nobody', undefined, null)).status;
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([404, 404, 404, 429]);
    await slow.stop();
  });
});

describe('without SSO_ENABLED', () => {
  it('answers 404 to everything about it', async () => {
    const running = await RunningGateway.start();
    for (const [method, path, token] of [
      ['GET', '/auth/sso/providers', null],
      ['GET', '/auth/sso/login/github', null],
      ['GET', '/auth/sso/callback/github?code=a&state=b', null],
      ['GET', '/auth/sso/admin/providers', running.session],
      ['GET', '/auth/sso/pending-approvals', running.session],
      ['POST', '/auth/sso/logout', running.session],
      ['POST', '/auth/sso/link/github', running.session],
    ] as const) {
      const { status, body } = await running.rest(method, path, undefined, token);
      expect([path, status, body.detail]).toEqual([path, 404, 'SSO authentication is disabled']);
    }
    await running.stop();
  });
});

describe('with SSO_PRESERVE_ADMIN_AUTH=false', () => {
  it('takes a password from nobody, and says so only to whoever knows it', async () => {
    const gate = await SsoGate.start();
    const strict = await RunningGateway.start({ SSO_ENABLED: 'true', SSO_PRESERVE_ADMIN_AUTH: 'false' });
    const login = (running: RunningGateway, password: string) =>
      running.rest('POST', '/auth/login', { email: 'admin@example.com', password }, null);
    const password = 'A test fixture, not a secret';
    expect((await login(gate.running, password)).status).toBe(200);
    expect((await login(strict, password)).body).toMatchObject({ code: 'sso_required' });
    expect((await login(strict, 'wrong')).body).toMatchObject({ code: 'invalid_credentials' });
    await Promise.all([gate.stop(), strict.stop()]);
  });
});
