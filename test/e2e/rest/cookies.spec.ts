import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';

const OWN = 'http://gate.example.com';

describe('signing in with a cookie', () => {
  let running: RunningGateway;
  beforeAll(async () => {
    running = await RunningGateway.start({ APP_DOMAIN: OWN });
  });
  afterAll(() => running.stop());

  const signIn = (more: object): Promise<Response> =>
    fetch(`${running.url}/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...ADMIN, ...more }),
    });

  it('sets the session and the CSRF token', async () => {
    const response = await signIn({ cookie: true });
    const { access_token: token } = (await response.json()) as { access_token: string };
    const [session, csrf] = response.headers.getSetCookie();
    expect(session).toMatch(/^jwt_token=[^;]+; Max-Age=1200; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/);
    expect(session).toMatch(`jwt_token=${token};`);
    expect(csrf).toMatch(
      /^mcpgateway_csrf_token=[0-9a-f]{64}; Max-Age=3600; Path=\/; Expires=[^;]+; Secure; SameSite=Strict$/,
    );
  });

  it('is only for who asks', async () => {
    for (const more of [{}, { cookie: false }]) expect((await signIn(more)).headers.getSetCookie()).toEqual([]);
    expect((await signIn({ cookie: 'yes' })).status).toBe(422);
  });

  it('sets nothing when it fails', async () => {
    const response = await signIn({ cookie: true, password: 'wrong' });
    expect([response.status, response.headers.getSetCookie()]).toEqual([401, []]);
  });
});
