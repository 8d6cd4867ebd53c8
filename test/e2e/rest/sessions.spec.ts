import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthEvent } from '../../../src/auth/events/auth-event.entity.js';
import { SessionService } from '../../../src/auth/sessions/session.service.js';
import { UserSession } from '../../../src/auth/sessions/user-session.entity.js';
import { TokenRevocation } from '../../../src/auth/jwt/token-revocation.entity.js';
import { ChangeBus } from '../../../src/changes/change-bus.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { addUser } from '../../fixtures/people.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

describe('a session', () => {
  let running: RunningGateway;
  let token: string;
  let id: string;

  beforeAll(async () => {
    // Tokens live for as long as their session may, so that it is the session that ends first.
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, TOKEN_EXPIRY: '1440' });
  });
  afterAll(() => running.stop());
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    token = await signIn();
    id = claimsOf(token).sid;
  });
  afterEach(() => vi.useRealTimers());

  const signIn = async (): Promise<string> =>
    (await running.rest('POST', '/auth/login', ADMIN, null)).body.access_token as string;
  const claimsOf = (text: string) => JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString());
  const table = <T extends object>(entity: new () => T) => running.gateway.app.get(DataSource).getRepository<T>(entity);
  const refresh = (by: string | null = token) => running.rest('POST', '/auth/refresh', undefined, by);
  const mint = async (): Promise<string> =>
    (await running.rest('POST', '/tokens', { name: randomUUID(), expires_in_days: 1 }, token)).body.access_token;
  const pass = (minutes: number): void => void vi.setSystemTime(Date.now() + minutes * 60_000);

  /** What each door says to a token. */
  async function doors(by = token): Promise<string[]> {
    const rest = await running.rest('GET', '/tools', undefined, by);
    const mcp = await Promise.all(['/mcp', '/rpc'].map((path) => callMcp(running.url + path, by, 'ping')));
    return [rest, ...mcp].map(({ status, body }) => (status === 200 ? 'ok' : `${status} ${body.code}`));
  }
  const everywhere = (answer: string): string[] => [answer, answer, answer];

  describe('is refreshed', () => {
    it('for a new token; the old one is dead on every door', async () => {
      expect(await doors()).toEqual(everywhere('ok'));
      pass(10);
      const { status, body } = await refresh();
      expect([status, body]).toEqual([
        200,
        {
          access_token: expect.any(String),
          token_type: 'bearer',
          expires_in: 470 * 60,
          expires_at: expect.any(String),
        },
      ]);
      const [before, after] = [claimsOf(token), claimsOf(body.access_token)];
      expect(after).toEqual({ ...before, jti: after.jti, iat: before.iat + 600, exp: before.exp });
      expect(after.jti).not.toBe(before.jti);
      expect(new Date(body.expires_at).getTime()).toBe(after.exp * 1000);
      expect(await doors()).toEqual(everywhere('401 token_revoked'));
      expect(await doors(body.access_token)).toEqual(everywhere('ok'));
      expect(await table(TokenRevocation).findOneBy({ jti: before.jti })).toMatchObject({ reason: 'token_refresh' });
    });

    it('once, however many ask at once, and goes on', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh()));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(answers.filter(({ status }) => ![200, 401, 429].includes(status))).toEqual([]);
      expect(await doors(won[0]?.body.access_token)).toEqual(everywhere('ok'));
    });

    it('ten times a minute', async () => {
      let latest = token;
      for (let time = 0; time < 10; time += 1) latest = (await refresh(latest)).body.access_token;
      const { status, body, headers } = await refresh(latest);
      expect([status, body.code]).toEqual([429, 'too_many_requests']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await doors(latest)).toEqual(everywhere('ok'));
    });

    it('never by what is no session of ours', async () => {
      const minted = await mint();
      for (const other of [minted, signedToken(), signedToken({ token_use: 'session' })]) {
        const { status, body } = await refresh(other);
        expect([status, body.code]).toEqual([403, 'session_required']);
      }
      expect((await refresh(null)).status).toBe(401);
      const forged = signedToken({ token_use: 'session', sid: id });
      expect((await refresh(forged)).body.code).toBe('invalid_token');
    });
  });

  describe('ends everywhere', () => {
    it('when a token that was exchanged is to be exchanged again, and it is written down', async () => {
      const { body } = await refresh();
      expect((await refresh()).body.code).toBe('token_revoked');
      expect(await doors(body.access_token)).toEqual(everywhere('ok'));
      pass(1);
      // To use it otherwise is no exchange.
      expect(await doors()).toEqual(everywhere('401 token_revoked'));
      expect(await doors(body.access_token)).toEqual(everywhere('ok'));
      const { status, body: answer } = await refresh();
      expect([status, answer]).toEqual([401, { detail: 'Token has been revoked', code: 'token_revoked' }]);
      expect(await doors(body.access_token)).toEqual(everywhere('401 session_ended'));
      expect((await refresh(body.access_token)).body.code).toBe('session_ended');
      const events = await table(AuthEvent).findBy({ failureReason: 'token_reuse' });
      expect(events).toMatchObject([{ userEmail: ADMIN.email, success: false, details: { session_id: id } }]);
      expect(JSON.stringify(events)).not.toContain(token);
    });

    it.each(['known', 'unknown'])('when nobody used it for an hour, while its principal is %s', async (cache) => {
      expect(await doors()).toEqual(everywhere('ok'));
      pass(59);
      expect(await doors()).toEqual(everywhere('ok'));
      pass(60);
      const { userId } = await table(UserSession).findOneByOrFail({ id });
      if (cache === 'unknown') running.gateway.app.get(ChangeBus).publish({ kind: 'user_changed', userId });
      expect(await doors()).toEqual(everywhere('401 session_idle'));
      expect((await refresh()).status).toBe(401);
    });

    it('at its absolute limit, though it was refreshed all the time', async () => {
      let latest = token;
      for (let time = 0; time < 9; time += 1) {
        pass(50);
        latest = (await refresh(latest)).body.access_token;
      }
      pass(30);
      expect(await doors(latest)).toEqual(everywhere('401 token_expired'));
      expect((await refresh(latest)).status).toBe(401);
    });

    it('at its absolute limit, whatever its token says', async () => {
      await table(UserSession).update({ id }, { expiresAt: new Date() });
      expect(await doors()).toEqual(everywhere('401 session_over'));
      expect((await refresh()).status).toBe(401);
    });

    it('with all others of its user', async () => {
      const other = await signIn();
      const { userId } = await table(UserSession).findOneByOrFail({ id });
      expect([await doors(), await doors(other)]).toEqual([everywhere('ok'), everywhere('ok')]);
      await running.gateway.app.get(SessionService).endAll(userId, 'password_changed');
      expect([await doors(), await doors(other)]).toEqual([
        everywhere('401 session_ended'),
        everywhere('401 session_ended'),
      ]);
    });
  });

  describe('is logged out of', () => {
    const logout = (by: string | null = token) => running.rest('POST', '/auth/logout', undefined, by);

    it('on every door at once', async () => {
      expect(await doors()).toEqual(everywhere('ok'));
      const { jti } = claimsOf(token);
      const { status, body, headers } = await logout();
      expect([status, body]).toEqual([200, { message: 'Logged out successfully', revoked_token: jti }]);
      expect(headers.getSetCookie().map((line) => line.split('=')[0])).toEqual(['jwt_token', 'mcpgateway_csrf_token']);
      expect(await doors()).toEqual(everywhere('401 token_revoked'));
      expect((await logout()).status).toBe(401);
      expect((await refresh()).status).toBe(401);
      expect(await table(UserSession).findOneBy({ id })).toMatchObject({ endReason: 'logout' });
    });

    it('with a session token signed elsewhere, which is revoked', async () => {
      const foreign = signedToken({ token_use: 'session' });
      expect((await logout(foreign)).body.revoked_token).toBe(claimsOf(foreign).jti);
      expect(await doors(foreign)).toEqual(everywhere('401 token_revoked'));
    });

    it('not with an API token, which stays what it is', async () => {
      const minted = await mint();
      const { status, body } = await logout(minted);
      expect([status, body.code]).toEqual([403, 'session_required']);
      expect(await doors(minted)).toEqual(everywhere('ok'));
      expect((await logout(null)).status).toBe(401);
    });
  });

  it('is not logged out of with a token that can’t be revoked', async () => {
    const lax = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, REQUIRE_JTI: 'false' });
    const nameless = signedToken({ token_use: 'session', jti: undefined });
    const { status, body } = await lax.rest('POST', '/auth/logout', undefined, nameless);
    expect([status, body.code]).toEqual([400, 'bad_request']);
    await lax.stop();
  });

  describe('is validated', () => {
    const validate = (by: string | null) => running.rest('GET', '/auth/validate', undefined, by);
    const config = {
      token_expiry: 1440,
      idle_timeout: 60,
      max_lifetime: 480,
      warning_time: 5,
      refresh_buffer: 2,
      activity_tracking: true,
    };

    it('with what is left of it', async () => {
      pass(10);
      const { status, body } = await validate(token);
      expect([status, body]).toEqual([
        200,
        {
          valid: true,
          expires_at: new Date(claimsOf(token).exp * 1000).toISOString(),
          expires_in: expect.any(Number),
          user: { email: ADMIN.email, full_name: 'Platform Administrator', is_admin: true },
          session_source: 'local',
          config,
        },
      ]);
      expect(Math.abs(body.expires_in - 470 * 60)).toBeLessThanOrEqual(1);
    });

    it('as what it is, and not at all without a credential', async () => {
      const { body } = await validate(await mint());
      expect(body).toMatchObject({ valid: true, session_source: 'api_token' });
      expect((await validate(null)).status).toBe(401);
      expect((await validate('garbage')).status).toBe(401);
    });
  });

  describe('has a CSRF token', () => {
    it('for pages to send back', async () => {
      const { status, body, headers } = await running.rest('GET', '/auth/csrf-token', undefined, token);
      expect([status, body]).toEqual([200, { csrf_token: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
      expect(headers.getSetCookie()[0]).toMatch(`mcpgateway_csrf_token=${body.csrf_token};`);
    });

    it('but an API token has none', async () => {
      const minted = await mint();
      expect((await running.rest('GET', '/auth/csrf-token', undefined, minted)).status).toBe(403);
    });
  });

  describe('is one of several', () => {
    const list = (by = token) => running.rest('GET', '/auth/sessions', undefined, by);

    it('that their owner sees and ends', async () => {
      const other = await signIn();
      const otherId = claimsOf(other).sid as string;
      const { body } = await list();
      expect(body.find((row: { id: string }) => row.id === id)).toEqual({
        id,
        ip_address: '127.0.0.1',
        user_agent: expect.any(String),
        auth_provider: 'local',
        started_at: expect.any(String),
        last_used_at: expect.any(String),
        expires_at: expect.any(String),
        current: true,
      });
      expect(body.find((row: { id: string }) => row.id === otherId)).toMatchObject({ current: false });
      expect((await running.rest('DELETE', `/auth/sessions/${otherId}`, undefined, token)).status).toBe(204);
      expect(await doors(other)).toEqual(everywhere('401 session_ended'));
      expect((await running.rest('DELETE', `/auth/sessions/${otherId}`, undefined, token)).status).toBe(404);
      expect((await list()).body.map((row: { id: string }) => row.id)).not.toContain(otherId);
    });

    it('that are signed out of everywhere else', async () => {
      const others = [await signIn(), await signIn()];
      const { status, body } = await running.rest('DELETE', '/auth/sessions', undefined, token);
      expect(status).toBe(200);
      expect(body.ended).toBeGreaterThanOrEqual(2);
      for (const other of others) expect(await doors(other)).toEqual(everywhere('401 session_ended'));
      expect(await doors()).toEqual(everywhere('ok'));
      expect((await list()).body).toHaveLength(1);
    });

    it('and nobody else’s, nor a token’s', async () => {
      const minted = await mint();
      for (const method of ['GET', 'DELETE'])
        expect((await running.rest(method, '/auth/sessions', undefined, minted)).status).toBe(403);
      expect((await running.rest('DELETE', `/auth/sessions/${id}`, undefined, minted)).status).toBe(403);
      const bob = signedToken({ sub: (await addUser(running, 'bob@example.com')).id, token_use: 'session' });
      expect((await running.rest('DELETE', `/auth/sessions/${id}`, undefined, bob)).status).toBe(404);
      expect((await running.rest('DELETE', '/auth/sessions', undefined, bob)).body).toEqual({ ended: 0 });
      expect((await list(bob)).body).toEqual([]);
      for (const unknown of ['x', '0'.repeat(32), `${id}%20`])
        expect((await running.rest('DELETE', `/auth/sessions/${unknown}`, undefined, token)).status).toBe(404);
      expect(await doors()).toEqual(everywhere('ok'));
    });
  });
});
