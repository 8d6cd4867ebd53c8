import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const PASSWORD = 'Correct-Horse_Battery!Staple';
const USERS = '/auth/email/admin/users';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(
  `people of two replicas on PostgreSQL and Redis${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let a: RunningGateway;
    let b: RunningGateway;
    let email: string;
    let session: string;

    beforeAll(async () => {
      replicas = await TwoReplicas.start({
        LOGIN_ATTEMPTS_PER_ADDRESS: '10000',
        FAILED_LOGIN_MIN_RESPONSE_MS: '0',
      });
      [a, b] = replicas.both;
    });
    afterAll(() => replicas?.stop());
    beforeEach(async () => {
      email = `${randomBytes(6).toString('hex')}@example.com`;
      await create({});
      session = await signIn();
      // B has it in its cache from here on.
      expect(await doors(b)).toEqual([200, 200]);
    });

    const create = async (more: object, who = email): Promise<void> => {
      const body = { email: who, password: PASSWORD, password_change_required: false, ...more };
      expect((await a.rest('POST', USERS, body)).status).toBe(201);
    };
    const login = (replica: RunningGateway, password = PASSWORD) =>
      replica.rest('POST', '/auth/login', { email, password }, null);
    const signIn = async (): Promise<string> => (await login(a)).body.access_token;
    const change = async (more: object): Promise<void> =>
      expect((await a.rest('PATCH', `${USERS}/${email}`, more)).status).toBe(200);
    const status = async (replica: RunningGateway, path: string, token = session): Promise<number> =>
      (await replica.rest('GET', path, undefined, token)).status;
    /** What REST and MCP say. */
    const doors = async (replica: RunningGateway, token = session): Promise<number[]> => [
      await status(replica, '/tools', token),
      (await replica.rest('POST', '/mcp', LIST, token)).status,
    ];
    const refusedByB = (token = session, code = 401) =>
      withinASecond(async () => expect(await doors(b, token)).toEqual([code, code]));
    async function mint(scope: object = {}, more: object = {}) {
      const wish = { name: randomBytes(8).toString('hex'), expires_in_days: 1, scope, ...more };
      const { status: minted, body } = await a.rest('POST', '/tokens', wish, session);
      expect(minted).toBe(201);
      return { text: body.access_token as string, path: `/tokens/${body.token.id}` };
    }
    /** As many calls at once, each other one to the other replica. */
    async function atOnce(
      call: (replica: RunningGateway) => Promise<number>,
      times = 50,
    ): Promise<Map<number, number>> {
      const answers = await Promise.all(Array.from({ length: times }, (_, index) => call(index % 2 === 0 ? a : b)));
      const counts = new Map<number, number>();
      for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
      return counts;
    }

    it.each<[string, () => Promise<unknown>]>([
      ['disabled', () => change({ is_active: false })],
      ['deleted', () => a.rest('DELETE', `${USERS}/${email}`)],
    ])('are out of both when one of them is told that they are %s', async (_, happen) => {
      const { text } = await mint();
      expect(await doors(b, text)).toEqual([200, 200]);
      await happen();
      expect([await doors(a), await doors(a, text)]).toEqual([
        [401, 401],
        [401, 401],
      ]);
      await Promise.all([refusedByB(), refusedByB(text)]);
      expect((await login(b)).status).toBe(401);
    });

    it('administer neither any more when they were demoted at one of them', async () => {
      await change({ is_admin: true });
      session = await signIn();
      const { text } = await mint();
      expect([await status(b, '/version'), await status(b, '/version', text)]).toEqual([200, 200]);
      await change({ is_admin: false });
      await withinASecond(async () => expect(await status(b, '/version')).toBe(401));
      await withinASecond(async () => expect(await status(b, '/version', text)).toBe(403));
      session = await signIn();
      expect(await status(b, '/version')).toBe(403);
    });

    it.each<[string, () => Promise<unknown>]>([
      ['signed out', () => a.rest('POST', '/auth/logout', undefined, session)],
      ['exchanged their token', () => a.rest('POST', '/auth/refresh', undefined, session)],
      [
        'changed the password',
        () =>
          a.rest(
            'POST',
            '/auth/email/change-password',
            { old_password: PASSWORD, new_password: `${PASSWORD}, too` },
            session,
          ),
      ],
    ])('are signed out of both when they %s at one', async (_, happen) => {
      await happen();
      expect(await doors(a)).toEqual([401, 401]);
      await refusedByB();
    });

    it('reach with a token of a team nothing at either when they were taken out of it', async () => {
      const { body: team } = await a.rest('POST', '/teams', { name: email });
      const joined = await a.rest('POST', `/teams/${team.id}/members`, { email });
      expect(joined.status).toBe(201);
      const { text } = await mint({}, { team_id: team.id });
      expect(await doors(b, text)).toEqual([200, 200]);
      expect((await a.rest('DELETE', `/teams/${team.id}/members/${email}`)).status).toBeLessThan(300);
      await refusedByB(text, 403);
    });

    it('have tokens that an edit at one narrows at both', async () => {
      const { text, path } = await mint();
      expect(await doors(b, text)).toEqual([200, 200]);
      expect((await a.rest('PUT', path, { scope: { ip_restrictions: ['203.0.113.7'] } }, session)).status).toBe(200);
      await refusedByB(text, 403);
    });

    it('are locked out exactly once by 20 wrong passwords at once', async () => {
      const wrong = await atOnce(async (replica) => (await login(replica, 'wrong')).status, 20);
      expect(wrong).toEqual(new Map([[401, 20]]));
      expect((await a.rest('GET', `${USERS}/${email}`)).body).toMatchObject({
        failed_login_attempts: 20,
        is_locked: true,
      });
      const locks = await b.rest('GET', `/auth/email/admin/events?user_email=${email}&event_type=account_locked`);
      expect(locks.body).toHaveLength(1);
      expect([(await login(a)).status, (await login(b)).status]).toEqual([401, 401]);
      expect((await b.rest('POST', `${USERS}/${email}/unlock`)).status).toBe(200);
      expect((await login(a)).status).toBe(200);
    });

    it('get one new token when they exchange one at both at once', async () => {
      const answers = await atOnce(
        async (replica) => (await replica.rest('POST', '/auth/refresh', undefined, session)).status,
        8,
      );
      expect([answers.get(200), answers.get(401)]).toEqual([1, 7]);
    });

    it.each([
      ['an hour', { usage_limits: { requests_per_hour: 20 } }, 429],
      ['a day', { usage_limits: { requests_per_day: 20 } }, 429],
      ['a life', { max_uses: 20 }, 401],
    ])('make exactly as many calls in %s as a token has, 50 at once', async (_, scope, refusal) => {
      const { text } = await mint(scope);
      const answers = await atOnce((replica) => status(replica, '/tools', text));
      expect(answers).toEqual(
        new Map([
          [200, 20],
          [refusal, 30],
        ]),
      );
      expect([await doors(a, text), await doors(b, text)]).toEqual([
        [refusal, refusal],
        [refusal, refusal],
      ]);
    });

    it('are refused more than allowed, and never less, when Redis is killed', async () => {
      const [revoked, since, free, limited, spent] = [
        await mint(),
        await mint(),
        await mint(),
        await mint({ usage_limits: { requests_per_hour: 1000 } }),
        await mint({ max_uses: 1 }),
      ];
      const revoke = async (path: string) =>
        expect((await a.rest('DELETE', path, undefined, session)).status).toBe(204);
      for (const { text } of [revoked, since, free, limited]) expect(await doors(b, text)).toEqual([200, 200]);
      expect(await status(a, '/tools', spent.text)).toBe(200);
      await revoke(revoked.path);
      await replicas.redis.kill();
      for (const replica of [a, b]) {
        expect(await doors(replica, revoked.text)).toEqual([401, 401]);
        expect(await doors(replica, spent.text)).toEqual([401, 401]);
        expect(await doors(replica, limited.text)).toEqual([503, 503]);
      }
      await replicas.heard(false);
      await revoke(since.path);
      for (const replica of [b, a]) {
        expect(await doors(replica, since.text)).toEqual([401, 401]);
        expect(await doors(replica, free.text)).toEqual([200, 200]);
        expect((await login(replica)).status).toBe(200);
      }
      await atOnce(async (replica) => (await login(replica, 'wrong')).status, 20);
      expect((await a.rest('GET', `${USERS}/${email}`)).body).toMatchObject({
        failed_login_attempts: 20,
        is_locked: true,
      });
      await change({ is_active: false });
      for (const token of [session, free.text]) expect(await doors(b, token)).toEqual([401, 401]);
    });
  },
);
