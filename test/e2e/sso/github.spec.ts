import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT, ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';

const FAILED = '/admin/login?error=sso_failed';
const USER = { id: 583_231, login: 'octocat', name: 'Octo Cat', email: 'shown@example.com' };
const EMAILS = [
  { email: 'other@example.com', primary: false, verified: true, visibility: null },
  { email: 'octocat@example.com', primary: true, verified: true, visibility: 'private' },
];

describe('GitHub, by the shapes of its REST API', () => {
  let idp: ScriptedIdp;
  let gate: SsoGate;
  beforeAll(async () => {
    [idp, gate] = await Promise.all([ScriptedIdp.start(), SsoGate.start()]);
    await gate.provider('github', idp, {
      kind: 'github',
      scope: 'user:email read:org',
      admin_groups: ['Acme'],
      userinfo_url: `${idp.issuer}/user`,
    });
  });
  afterEach(() => idp.reset());
  afterAll(async () => {
    await gate.stop();
    await idp.close();
  });

  const answers = (path: string, body: unknown): void =>
    void idp.answers.set(path, (_, response) =>
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body)),
    );

  async function signIn(user: object, emails: unknown, orgs: unknown) {
    answers('/access_token', { access_token: 'gho_fixture', scope: 'read:org,user:email', token_type: 'bearer' });
    answers('/user', user);
    answers('/user/emails', emails);
    answers('/user/orgs', orgs);
    const { authorizationUrl, state, cookie } = await gate.begin('github');
    const back = await gate.comeBack('github', { code: 'c0de', state }, cookie);
    return { ...back, query: new URL(authorizationUrl).searchParams };
  }

  it('signs in with the verified primary address; organisations are groups in any case', async () => {
    const { location, session, query } = await signIn(USER, EMAILS, [{ login: 'acme', id: 1 }]);
    expect([location, await gate.lastFailure()]).toEqual(['/admin', undefined]);
    expect([query.get('client_id'), query.get('code_challenge_method'), query.get('nonce')]).toEqual([
      CLIENT.id,
      'S256',
      null,
    ]);
    expect(await gate.me(session)).toMatchObject({
      email: 'octocat@example.com',
      full_name: 'Octo Cat',
      auth_provider: 'github',
      is_admin: true,
    });
    const left = await signIn({ ...USER, login: 'renamed' }, EMAILS, []);
    expect(await gate.me(left.session)).toMatchObject({ email: 'octocat@example.com', is_admin: false });
  });

  it.each<[string, object, unknown]>([
    ['whose primary address is not verified', USER, [{ ...EMAILS[1], verified: false }, EMAILS[0]]],
    ['with "true" as text', USER, [{ ...EMAILS[1], verified: 'true' }]],
    ['without a primary address', USER, [EMAILS[0]]],
    ['without addresses', USER, { message: 'Requires authentication' }],
    ['without an id', { login: 'octocat' }, EMAILS],
    ['whose id is text', { ...USER, id: '583231' }, EMAILS],
  ])('lets nobody in %s', async (_, user, emails) => {
    const { location, session } = await signIn(user, emails, []);
    expect([location, session]).toEqual([FAILED, undefined]);
  });

  it('lets nobody in when the token is refused, as GitHub does with 200', async () => {
    await signIn(USER, EMAILS, []);
    answers('/access_token', { error: 'bad_verification_code', error_description: 'The code passed is incorrect' });
    const { state, cookie } = await gate.begin('github');
    expect((await gate.comeBack('github', { code: 'c0de', state }, cookie)).location).toBe(FAILED);
  });
});
