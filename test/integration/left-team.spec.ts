import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventsOf, jsonOf, modernMessage, RawCaller, whole } from '../e2e/mcp/raw-caller.js';
import { answering, eventOf, RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const PASSWORD = 'Correct-Horse_Battery!Staple';
const PROGRESS = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}';
const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(
  `who is taken out of a team, on two replicas${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let a: RunningGateway;
    let b: RunningGateway;
    let upstream: Awaited<ReturnType<typeof RawUpstream.start>>;
    let teamId: string;
    let toolId: string;
    let email: string;
    let callers: RawCaller[] = [];

    beforeAll(async () => {
      replicas = await TwoReplicas.start({ LOGIN_ATTEMPTS_PER_ADDRESS: '10000' });
      [a, b] = replicas.both;
      upstream = await RawUpstream.start('modern');
      teamId = (await a.rest('POST', '/teams', { name: 'Reds' })).body.id;
      await a.register('red', upstream.url, { team_id: teamId, visibility: 'team' });
      [{ id: toolId }] = (await a.rest('GET', '/tools')).body;
      await vi.waitFor(async () => expect(await toolsAt(b, b.session)).toEqual(['red-tool']), { timeout: 10_000 });
    });
    afterAll(async () => {
      await replicas?.stop();
      await upstream?.close();
    });
    beforeEach(async () => {
      upstream.script = answering('{"content":[]}');
      email = `${randomBytes(6).toString('hex')}@example.com`;
      const account = { email, password: PASSWORD, password_change_required: false };
      expect((await a.rest('POST', '/auth/email/admin/users', account)).status).toBe(201);
      expect((await a.rest('POST', `/teams/${teamId}/members`, { email })).status).toBe(201);
    });
    afterEach(() => {
      for (const caller of callers.splice(0)) caller.close();
    });

    const session = async (): Promise<string> =>
      (await a.rest('POST', '/auth/login', { email, password: PASSWORD }, null)).body.access_token;
    const teamToken = async (): Promise<string> => {
      const wish = { name: email, expires_in_days: 1, team_id: teamId };
      return (await a.rest('POST', '/tokens', wish, await session())).body.access_token;
    };
    const at = ({ url }: RunningGateway, token: string): RawCaller => {
      const caller = new RawCaller(`${url}/mcp`, token);
      callers.push(caller);
      return caller;
    };
    const toolsAt = async (replica: RunningGateway, token: string): Promise<string[]> => {
      const answer = jsonOf(await at(replica, token).modern('tools/list'));
      return answer.result.tools.map(({ name }: { name: string }) => name);
    };
    const callAt = (replica: RunningGateway, token: string) =>
      at(replica, token).modern('tools/call', { name: 'red-tool', arguments: {} });
    /** Of a call and of a look at the tool: `ok`, or how it was refused. */
    const doors = async (replica: RunningGateway, token: string): Promise<unknown[]> => {
      const answer = await callAt(replica, token);
      const { error, result } = jsonOf(answer);
      const { status } = await replica.rest('GET', `/tools/${toolId}`, undefined, token);
      return [result ? 'ok' : (error?.code ?? answer.status), status];
    };
    const remove = async (): Promise<void> =>
      expect((await a.rest('DELETE', `/teams/${teamId}/members/${email}`)).status).toBe(200);

    /** A call that reported once and works on; resolves when the client has heard of it. */
    async function longCall(replica: RunningGateway, token: string): Promise<IncomingMessage> {
      upstream.script = ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(eventOf(PROGRESS));
      };
      const params = { name: 'red-tool', arguments: {} };
      const { body, headers } = modernMessage('tools/call', params, { meta: { progressToken: 'p' } });
      const answer = await at(replica, token).open(body, headers);
      await once(answer, 'readable');
      return answer;
    }

    describe.each([
      ['session', session, [-32_602, 404]],
      ['API token of the team', teamToken, [403, 403]],
    ] as const)('with a %s', (_, credential, refused) => {
      it('loses what the team has at once where it happened, and within a second at the other', async () => {
        const token = await credential();
        expect([await doors(a, token), await doors(b, token)]).toEqual([
          ['ok', 200],
          ['ok', 200],
        ]);
        await remove();
        expect(await doors(a, token)).toEqual(refused);
        await withinASecond(async () => expect(await doors(b, token)).toEqual(refused));
      });

      it('sees the open stream of a call end, at the other replica too', async () => {
        const token = await credential();
        const streams = [await longCall(a, token), await longCall(b, token)];
        const answers = streams.map(whole);
        await remove();
        await withinASecond(() => expect(streams.map(({ readableEnded }) => readableEnded)).toEqual([true, true]));
        for (const answer of answers)
          expect(eventsOf(await answer).at(-1)).toMatchObject({ error: { data: { reason: 'user_changed' } } });
      });
    });

    it('keeps what others have: their calls go on', async () => {
      const stays = await longCall(b, b.session);
      const leaves = await longCall(b, await session());
      const ended = vi.fn();
      stays.once('close', ended);
      await remove();
      await whole(leaves);
      expect(ended).not.toHaveBeenCalled();
      stays.destroy();
    });
  },
);
