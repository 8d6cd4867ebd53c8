import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { User } from '../../../src/auth/accounts/user.entity.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { addUser } from '../../fixtures/people.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, seconds, signedToken } from '../../fixtures/signed-token.js';

describe('a token minted elsewhere with the shared secret', () => {
  let strict: RunningGateway;
  let lax: RunningGateway;
  let ann: User;

  beforeAll(async () => {
    strict = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET });
    lax = await RunningGateway.start({
      JWT_SECRET_KEY: SHARED_SECRET,
      REQUIRE_USER_IN_DB: 'false',
      REQUIRE_TOKEN_EXPIRATION: 'false',
      REQUIRE_JTI: 'false',
      VALIDATE_TOKEN_ENVIRONMENT: 'false',
    });
    ann = await addUser(strict, 'ann@example.com');
  });
  afterAll(async () => {
    await strict.stop();
    await lax.stop();
  });

  const get = (running: RunningGateway, path: string, token: string) => running.rest('GET', path, undefined, token);
  const hyphenated = (id: string): string => id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

  describe('names its user', () => {
    const spellings: Record<string, () => string> = {
      'by e-mail': () => 'ann@example.com',
      'by e-mail in another case': () => 'Ann@EXAMPLE.com',
      'by id': () => ann.id,
      'by id with hyphens': () => hyphenated(ann.id),
      'by id in upper case': () => hyphenated(ann.id).toUpperCase(),
    };

    it.each(Object.keys(spellings))('%s', async (spelling) => {
      const sub = spellings[spelling]?.();
      for (const token_use of ['session', undefined]) {
        const { status, body } = await get(strict, '/auth/email/me', signedToken({ sub, token_use }));
        expect([status, body.email]).toEqual([200, 'ann@example.com']);
      }
      expect((await callMcp(`${strict.url}/mcp`, signedToken({ sub }), 'ping')).body.result).toEqual({});
    });

    it.each(['ann@example.com ', ' ann@example.com', 'ann@example.com\0', "' OR 1=1 --", 'ann', '%', '*@*'])(
      'but not as %j',
      async (sub) => {
        expect((await get(strict, '/auth/email/me', signedToken({ sub }))).status).toBe(401);
        expect((await get(lax, '/tools', signedToken({ sub: sub.replace('ann', 'admin') }))).status).toBe(401);
      },
    );
  });

  describe('reaches as far as the contract’s table says', () => {
    const table: readonly (readonly [string, object, boolean])[] = [
      ['a session without teams', { token_use: 'session' }, true],
      ['a session of null teams', { token_use: 'session', teams: null }, true],
      ['a session of no teams', { token_use: 'session', teams: [] }, true],
      ['a session of a team', { token_use: 'session', teams: ['a'] }, false],
      ['a token without teams', {}, false],
      ['a token of null teams', { teams: null }, true],
      ['a token of no teams', { teams: [] }, false],
      ['a token of a team', { teams: ['a'] }, false],
      ['a token of a team as an object', { teams: [{ id: 'a', name: 'A' }] }, false],
    ];

    it.each(table)('%s', async (_, claims, administers) => {
      const status = administers ? 200 : 403;
      for (const sub of [ADMIN.email, ADMIN.email.toUpperCase()])
        expect((await get(strict, '/version', signedToken({ sub, ...claims }))).status).toBe(status);
      expect((await get(strict, '/version', signedToken({ sub: ann.id, ...claims }))).status).toBe(403);
      expect(
        (
          await get(
            strict,
            '/version',
            signedToken({ sub: ann.id, is_admin: true, user: { is_admin: true }, ...claims }),
          )
        ).status,
      ).toBe(403);
    });

    it.each([[' a'], ['a '], [''], [1], [null], [['a']]])('and no further with the team %j', async (team) => {
      expect((await get(strict, '/tools', signedToken({ teams: [team] }))).status).toBe(401);
    });
  });

  describe('of a user without a row', () => {
    it('is refused', async () => {
      const answer = await get(strict, '/tools', signedToken({ sub: 'eve@example.com' }));
      expect([answer.status, answer.body.detail]).toEqual([401, 'User not found in database']);
    });

    it('is taken with REQUIRE_USER_IN_DB=false, as nobody special', async () => {
      const token = signedToken({ sub: 'eve@example.com', teams: null });
      expect((await get(lax, '/tools', token)).status).toBe(200);
      expect((await get(lax, '/version', token)).status).toBe(403);
      expect((await get(lax, '/auth/email/me', token)).status).toBe(404);
      const session = signedToken({ sub: 'eve@example.com', token_use: 'session' });
      expect((await lax.rest('POST', '/tokens', { name: 'x', expires_in_days: 1 }, session)).status).toBe(403);
      const { body } = await lax.rest<{ user_email: string }[]>('GET', '/usage?user_email=EVE@example.com');
      expect(body.length).toBeGreaterThanOrEqual(4);
    });

    it('is never the administrator for having his local part', async () => {
      for (const sub of ['admin@example.com.evil.example.net', 'admin', 'root@example.com'])
        expect((await get(lax, '/version', signedToken({ sub, teams: null }))).status).not.toBe(200);
    });
  });

  it('is held to exp, jti and env where the settings say so, and not where they don’t', async () => {
    for (const claims of [{ exp: undefined }, { jti: undefined }, { env: 'staging' }]) {
      expect((await get(strict, '/tools', signedToken(claims))).status).toBe(401);
      expect((await get(lax, '/tools', signedToken(claims))).status).toBe(200);
    }
    expect((await get(lax, '/tools', signedToken({ exp: seconds(-1) }))).status).toBe(401);
    expect((await get(strict, '/tools', signedToken({ env: 'development' }))).status).toBe(200);
  });

  it('takes what its scopes say', async () => {
    const scopes = { server_id: null, permissions: ['tools.read'], ip_restrictions: [], time_restrictions: {} };
    expect((await get(strict, '/tools', signedToken({ scopes }))).status).toBe(200);
    expect((await get(strict, '/gateways', signedToken({ scopes }))).status).toBe(403);
    const elsewhere = { ...scopes, ip_restrictions: ['10.0.0.0/8'] };
    expect((await get(strict, '/tools', signedToken({ scopes: elsewhere }))).status).toBe(403);
    for (const bad of [
      { ip_restrictions: ['nowhere'] },
      { time_restrictions: { nights_only: true } },
      { server_id: 7 },
      'all',
      [],
    ])
      expect((await get(strict, '/tools', signedToken({ scopes: bad }))).status).toBe(401);
  });
});
