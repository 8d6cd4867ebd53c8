import { setInterval as every } from 'node:timers';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';

const DISCOVERY = '/.well-known/openid-configuration';

/** What a hostile or broken server answers. */
const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'a redirect to the metadata service': (response) =>
    response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data' }).end(),
  '5 MB': (response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ filler: 'a'.repeat(5 * 1024 * 1024) }));
  },
  'a byte now and then': (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const drip = every(() => response.write(' '), 100);
    response.on('close', () => clearInterval(drip));
  },
  'no JSON': (response) => response.end('<html></html>'),
  'an error': (response) => response.writeHead(500).end(),
};

describe('a provider that is not to be relied on (attack 41)', () => {
  let idp: ScriptedIdp;
  let gate: SsoGate;
  let made = 0;
  beforeAll(async () => {
    [idp, gate] = await Promise.all([ScriptedIdp.start(), SsoGate.start({ SSO_REQUEST_TIMEOUT: '1' })]);
  });
  afterAll(async () => {
    await gate.stop();
    await idp.close();
  });

  /** Under another id each, as what is known of one is kept. */
  const provider = async (more: object = {}): Promise<string> => {
    const id = `p${(made += 1)}`;
    await gate.provider(id, idp, more);
    return id;
  };
  const begin = async (id: string): Promise<number> =>
    (await gate.running.rest('GET', `/auth/sso/login/${id}`, undefined, null)).status;

  it.each(Object.keys(ANSWERS))('answers the discovery with %s', async (name) => {
    idp.reset();
    idp.answers.set(DISCOVERY, (_, response) => ANSWERS[name]?.(response));
    expect(await begin(await provider())).toBe(503);
    expect(idp.asked).toEqual([DISCOVERY]);
  });

  it.each(Object.keys(ANSWERS))('answers for its keys with %s', async (name) => {
    idp.reset();
    const id = await provider();
    idp.answers.set('/keys', (_, response) => ANSWERS[name]?.(response));
    const { location, session } = await gate.signIn(id, idp);
    expect([location, session]).toEqual(['/admin/login?error=sso_failed', undefined]);
  });

  it.each([
    ['an issuer with a slash more', () => ({ issuer: `${idp.issuer}/` })],
    ['another issuer', () => ({ issuer: 'https://evil.example' })],
    ['no issuer', () => ({ issuer: undefined })],
    ['keys over plain http', () => ({ jwks_uri: 'http://keys.example.com/keys' })],
    ['no keys', () => ({ jwks_uri: undefined })],
    ['an authorization endpoint that is a script', () => ({ authorization_endpoint: 'javascript:alert(1)' })],
    ['an authorization endpoint that is data', () => ({ authorization_endpoint: 'data:text/html,x' })],
    ['an authorization endpoint with a user', () => ({ authorization_endpoint: 'https://good.example@evil.example/' })],
    ['a token endpoint in a file', () => ({ token_endpoint: 'file:///etc/passwd' })],
  ])('says of itself %s', async (_, metadata) => {
    idp.reset();
    idp.metadata = metadata();
    expect(await begin(await provider())).toBe(503);
  });

  it.each([
    'http://idp.example.com',
    'http://169.254.169.254',
    'ftp://idp.example.com',
    'https://user@idp.example.com',
    'https://idp.example.com/?tenant=a',
    'https://idp.example.com/#a',
    'javascript:alert(1)',
  ])('has the issuer %s', async (issuer) => {
    const wish = { id: 'strange', display_name: 'x', client_id: 'x', issuer };
    const { status, body } = await gate.running.rest('POST', '/auth/sso/admin/providers', wish);
    expect([status, body.detail]).toEqual([400, 'issuer: must be an https URL without query, fragment and user']);
  });

  it('is on this machine, where egress does not go unless it is told to', async () => {
    idp.reset();
    const closed = await SsoGate.start({
      SSRF_ALLOW_LOCALHOST: 'false',
      SSO_GENERIC_ENABLED: 'true',
      SSO_GENERIC_PROVIDER_ID: 'own',
      SSO_GENERIC_CLIENT_ID: 'client',
      SSO_GENERIC_CLIENT_SECRET: 'a test fixture',
      SSO_GENERIC_ISSUER: idp.issuer,
    });
    expect((await closed.running.rest('GET', '/auth/sso/login/own', undefined, null)).status).toBe(503);
    expect(idp.asked).toEqual([]);
    await closed.stop();
  });

  it('is asked for its metadata and its keys once, by however many sign in', async () => {
    idp.reset();
    const id = await provider();
    await Promise.all(
      ['a', 'b', 'c'].map((sub) => gate.signIn(id, idp, { sub, email: `${sub}@example.com`, email_verified: true })),
    );
    expect(idp.asked.filter((path) => path === DISCOVERY)).toHaveLength(1);
    await gate.signIn(id, idp, { sub: 'a', email: 'a@example.com', email_verified: true });
    expect(idp.asked.filter((path) => path === '/keys').length).toBeLessThan(4);
  });
});
