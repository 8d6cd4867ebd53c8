import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANN, ScriptedIdp } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';
import type { RunningGateway } from '../../fixtures/running-gateway.js';

const PATH = '/auth/sso/admin/providers';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const BEA = { sub: 'bea', email: 'bea@example.com', email_verified: true } as const;

/** What REST, the exchange of the token, and MCP say to a session. */
async function doors(running: RunningGateway, session = ''): Promise<number[]> {
  const answers = [
    await running.rest('GET', '/auth/email/me', undefined, session),
    await running.rest('POST', '/mcp', LIST, session),
    await running.rest('POST', '/auth/refresh', undefined, session),
  ];
  return answers.map(({ status }) => status);
}

describe('a provider that is no longer believed', () => {
  let idp: ScriptedIdp;
  let other: ScriptedIdp;
  let gate: SsoGate;
  beforeAll(async () => {
    [idp, other, gate] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start(), SsoGate.start()]);
    await gate.provider('other', other);
  });
  beforeEach(() => gate.provider('acme', idp));
  afterEach(() => idp.reset());
  afterAll(async () => {
    await gate.stop();
    await Promise.all([idp.close(), other.close()]);
  });

  const change = (wish: object) => gate.running.rest('PUT', `${PATH}/acme`, wish);

  it.each<[string, () => Promise<{ status: number }>]>([
    ['is switched off', () => change({ is_enabled: false })],
    ['is deleted', () => gate.running.rest('DELETE', `${PATH}/acme`)],
    ['is another by its issuer', () => change({ issuer: other.issuer })],
  ])('and %s, leaves nobody signed in; those of other providers stay', async (_, close) => {
    const [one, two] = [await gate.signIn('acme', idp), await gate.signIn('acme', idp)];
    const bea = await gate.signIn('other', other, BEA);
    // Known to every cache from here on.
    expect(await gate.me(one.session)).toMatchObject({ email: ANN.email });
    expect(await gate.me(two.session)).toMatchObject({ email: ANN.email });
    expect((await close()).status).toBeLessThan(300);
    expect([await doors(gate.running, one.session), await doors(gate.running, two.session)]).toEqual([
      [401, 401, 401],
      [401, 401, 401],
    ]);
    expect(await doors(gate.running, bea.session)).toEqual([200, 200, 200]);
    expect((await gate.running.rest('GET', PATH)).status).toBe(200);
  });

  it('and only has another name, signs nobody out', async () => {
    const { session } = await gate.signIn('acme', idp);
    expect((await change({ display_name: 'Acme', scope: 'openid email' })).status).toBe(200);
    expect(await doors(gate.running, session)).toEqual([200, 200, 200]);
  });

  it('lets nobody in whose sign-in was under way', async () => {
    idp.answers.set('/token', async (request, response) => {
      idp.answers.clear();
      await change({ is_enabled: false });
      await idp.answer(request, response);
    });
    const { location, session } = await gate.signIn('acme', idp);
    expect([location, session]).toEqual(['/admin/login?error=sso_failed', undefined]);
    expect(await gate.lastFailure()).toBe('provider_disabled');
  });

  it('leaves nobody signed in who was so before the start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-e2e-'));
    const secret = (): string => randomBytes(32).toString('base64url');
    const kept = { DATA_DIR: folder, JWT_SECRET_KEY: secret(), AUTH_ENCRYPTION_SECRET: secret() };
    const client = {
      SSO_GENERIC_ENABLED: 'true',
      SSO_GENERIC_PROVIDER_ID: 'acme',
      SSO_GENERIC_CLIENT_ID: 'portcullis',
      SSO_GENERIC_CLIENT_SECRET: 'a client secret of a test fixture, no secret',
      SSO_GENERIC_ISSUER: idp.issuer,
    };
    const signedIn = async (): Promise<string> => {
      const first = await SsoGate.start({ ...kept, ...client });
      const { session = '' } = await first.signIn('acme', idp);
      await first.stop();
      return session;
    };
    const afterwards = async (session: string, variables: Record<string, string>): Promise<number> => {
      const next = await SsoGate.start({ ...kept, ...variables });
      const { status } = await next.running.rest('GET', '/auth/email/me', undefined, session);
      await next.stop();
      return status;
    };
    const session = await signedIn();
    expect(await afterwards(session, client)).toBe(200);
    expect(await afterwards(session, {})).toBe(401);
    expect(await afterwards(await signedIn(), { ...client, SSO_ISSUERS: 'https://idp.example.com' })).toBe(401);
    expect(await afterwards(await signedIn(), { ...client, SSO_GENERIC_ISSUER: other.issuer })).toBe(401);
    expect(await afterwards(await signedIn(), { SSO_ENABLED: 'false' })).toBe(401);
    rmSync(folder, { recursive: true, force: true });
  });
});
