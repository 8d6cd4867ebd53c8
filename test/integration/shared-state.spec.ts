import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { PasswordHasher } from '../../src/auth/passwords/password-hasher.js';
import { User } from '../../src/auth/accounts/user.entity.js';
import { UserRepository } from '../../src/auth/accounts/user.repository.js';
import { type Change, ChangeBus } from '../../src/changes/change-bus.js';
import { QueryCounter } from '../../src/database/query-counter.js';
import { Counters, CountersUnavailableError } from '../../src/limits/counters.js';
import { eventsOf, legacyMessage, RawCaller, whole } from '../e2e/mcp/raw-caller.js';
import { eventOf, RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const random = (): string => randomBytes(32).toString('base64url');
const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';
const PASSWORD = 'another fixture, no secret either';
const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(
  `two replicas on PostgreSQL and Redis${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let a: RunningGateway;
    let b: RunningGateway;
    const closing: (() => unknown)[] = [];

    beforeAll(async () => {
      replicas = await TwoReplicas.start();
      [a, b] = replicas.both;
    });
    afterAll(async () => {
      await Promise.all(closing.map((close) => close()));
      await replicas?.stop();
    });

    const busOf = ({ gateway }: RunningGateway): ChangeBus => gateway.app.get(ChangeBus);
    const status = async (replica: RunningGateway, token: string, path = '/tokens'): Promise<number> =>
      (await replica.rest('GET', path, undefined, token)).status;

    /** A token of the administrator that B has in its cache, and how to take it back on A. */
    async function knownToken(): Promise<{ token: string; revoke: () => Promise<void> }> {
      const name = random();
      const token = await a.mint(name);
      const { body } = await a.rest('GET', '/tokens?limit=100');
      const { id } = body.tokens.find((row: { name: string }) => row.name === name);
      for (const replica of [a, b]) expect(await status(replica, token, '/gateways')).toBe(200);
      const revoke = async (): Promise<void> => expect((await a.rest('DELETE', `/tokens/${id}`)).status).toBe(204);
      return { token, revoke };
    }

    /** SQL statements that B needs for 30 calls of a caller it knows; some are its own housekeeping. */
    async function statementsOfCalls(token: string): Promise<number> {
      const { app } = b.gateway;
      const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
      const before = app.get(QueryCounter).statements;
      for (let call = 0; call < 30; call += 1) expect((await b.rest('POST', '/mcp', ping, token)).status).toBe(200);
      return app.get(QueryCounter).statements - before;
    }

    const refusedEverywhere = async (token: string): Promise<void> => {
      expect([await status(a, token, '/gateways'), await status(b, token, '/gateways')]).toEqual([401, 401]);
    };

    it('take callers that they know from their caches', async () => {
      expect(await statementsOfCalls((await knownToken()).token)).toBeLessThan(30);
    });

    it('refuse a token that one of them revoked: that one at once, the other within a second', async () => {
      const { token, revoke } = await knownToken();
      await revoke();
      expect(await status(a, token, '/gateways')).toBe(401);
      await withinASecond(() => refusedEverywhere(token));
    });

    it('feel a role and a deactivation of which the other was told', async () => {
      const app = a.gateway.app;
      const passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
      const email = 'ann@example.com';
      const ann = await app.get(UserRepository).create({ email, passwordHash, fullName: null, isAdmin: false });
      const { body } = await a.rest('POST', '/auth/login', { email, password: PASSWORD }, null);
      const token = body.access_token;
      const changed = async (change: Partial<User>): Promise<void> => {
        await app.get(DataSource).getRepository(User).update({ id: ann.id }, change);
        busOf(a).publish({ kind: 'user_changed', userId: ann.id });
      };
      expect(await status(b, token, '/version')).toBe(403);
      await changed({ isAdmin: true });
      await withinASecond(async () => expect(await status(b, token, '/version')).toBe(200));
      await changed({ isAdmin: false });
      await withinASecond(async () => expect(await status(b, token, '/version')).toBe(403));
      await changed({ isActive: false });
      await withinASecond(async () => expect(await status(b, token, '/gateways')).toBe(401));
    });

    it('serve what was registered at the other', async () => {
      const { body } = await a.rest('POST', '/servers', { server: { name: 'told of' } });
      const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
      const answers = async (): Promise<number> => (await b.rest('POST', `/servers/${body.id}/mcp`, ping)).status;
      await withinASecond(async () => expect(await answers()).toBe(200));
      await a.rest('DELETE', `/servers/${body.id}`);
      await withinASecond(async () => expect(await answers()).toBe(404));
    });

    it('end an open stream whose token the other revoked', async () => {
      const { token, revoke } = await knownToken();
      const stream = await longStream(token);
      const answer = whole(stream);
      await revoke();
      await withinASecond(() => expect(stream.readableEnded).toBe(true));
      expect(eventsOf(await answer).at(-1)).toMatchObject({ error: { data: { reason: 'token_revoked' } } });
    });

    it('let exactly the limit through when 50 come to both at once', async () => {
      const [one, other] = [a.gateway.app.get(Counters), b.gateway.app.get(Counters)];
      const key = `quota:${random()}`;
      const taken = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? one : other).take(key, 20, 3_600_000)),
      );
      expect(taken.filter(({ allowed }) => allowed)).toHaveLength(20);
    });

    it('when Redis is killed: refuse what was revoked, before and since, and serve all else', async () => {
      const [before, since, good] = [await knownToken(), await knownToken(), await knownToken()];
      await before.revoke();
      const stream = await longStream(since.token);
      await replicas.redis.kill();
      await refusedEverywhere(before.token);
      // No later than a connection takes to be seen as closed, and at once when it was.
      await replicas.heard(false);
      await since.revoke();
      await refusedEverywhere(since.token);
      expect(eventsOf(await whole(stream)).at(-1)).toMatchObject({ error: { data: { reason: 'token_revoked' } } });
      expect(await statementsOfCalls(good.token)).toBeGreaterThanOrEqual(60);
      for (const replica of [a, b]) {
        expect(await status(replica, good.token, '/gateways')).toBe(200);
        expect((await replica.rest('GET', '/ready', undefined, null)).status).toBe(200);
        expect((await replica.rest('GET', '/version')).body.redis).toEqual({ state: 'down', changes_heard: false });
        const counting = replica.gateway.app.get(Counters).take('quota:away', 1, 1000);
        await expect(counting).rejects.toThrow(CountersUnavailableError);
        // Counted by each alone.
        expect((await replica.rest('GET', '/tokens')).headers.get('x-ratelimit-limit')).toBe('10000');
      }
    });

    it('when Redis is back: hear each other again', async () => {
      const told: Change[] = [];
      busOf(b).subscribe((change) => told.push(change));
      await replicas.redis.begin();
      await replicas.heard(true);
      expect(told).toContainEqual({ kind: 'anything_changed' });
      const { token, revoke } = await knownToken();
      expect(await statementsOfCalls(token)).toBeLessThan(30);
      await revoke();
      await withinASecond(() => refusedEverywhere(token));
      expect((await b.rest('GET', '/version')).body.redis).toEqual({ state: 'up', changes_heard: true });
    });

    /** A call on B that has begun to stream and goes on. */
    async function longStream(token: string) {
      const upstream = await RawUpstream.start('legacy', {});
      closing.push(() => upstream.close());
      const { id } = await b.register(`upstream ${random()}`, upstream.url);
      const server = await b.serve(id, { tool_naming: 'original' });
      upstream.script = ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf(PROGRESS));
      };
      const caller = new RawCaller(`${b.url}/servers/${server.id}/mcp`, token);
      const { body, headers } = legacyMessage('tools/call', { name: 'tool' }, { meta: { progressToken: 'p' } });
      const answer = await caller.open(body, headers);
      await once(answer, 'readable');
      closing.push(() => caller.close());
      return answer;
    }
  },
);
