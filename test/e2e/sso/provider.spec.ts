import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignInProvider } from '../../fixtures/oauth/sign-in-provider.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';

const PERSON = {
  sub: 'kim-at-the-provider',
  email: 'kim@example.com',
  email_verified: true,
  name: 'Kim',
  groups: ['platform-admin'],
};

describe('a certified provider that others made', () => {
  let gate: SsoGate;
  let provider: SignInProvider;
  beforeAll(async () => {
    gate = await SsoGate.start();
    provider = await SignInProvider.start(gate.running.url, 'op', PERSON);
    await gate.provider('op', provider, { admin_groups: ['platform-admin'] });
  });
  afterAll(async () => {
    await gate.stop();
    await provider.close();
  });

  const signIn = async () => {
    const begun = await gate.begin('op');
    const { callback, jar } = await provider.visit(begun.authorizationUrl);
    const query = Object.fromEntries(callback.searchParams);
    return { jar, query, back: await gate.comeBack('op', query, begun.cookie) };
  };

  it('signs somebody in', async () => {
    const { back, query } = await signIn();
    expect([back.location, await gate.lastFailure()]).toEqual(['/admin', undefined]);
    expect(query['iss']).toBe(provider.issuer);
    expect(await gate.me(back.session)).toMatchObject({
      email: PERSON.email,
      full_name: 'Kim',
      auth_provider: 'op',
      is_admin: true,
    });
  });

  it('does not take a code twice, nor with the verifier of another sign-in', async () => {
    const { query } = await signIn();
    const again = await gate.begin('op');
    const back = await gate.comeBack('op', { ...query, state: again.state }, again.cookie);
    expect([back.session, await gate.lastFailure()]).toEqual([undefined, 'oauth_response_body_error']);
  });

  it('ends the sessions here when somebody signs out there', async () => {
    const { back, jar } = await signIn();
    const { back: other } = await signIn();
    const token = back.session ?? '';
    const { body } = await gate.running.rest('POST', '/auth/sso/logout', undefined, other.session ?? '');
    const url = new URL(body.logout_url);
    // The browser of the first sign-in, whose session here goes on until the provider says otherwise.
    url.searchParams.delete('id_token_hint');
    expect((await gate.running.rest('GET', '/auth/email/me', undefined, token)).status).toBe(200);
    await provider.signOut(url.href, jar);
    expect((await gate.running.rest('GET', '/auth/email/me', undefined, token)).status).toBe(401);
  });
});
