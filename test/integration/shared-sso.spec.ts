import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANN, CLIENT, ScriptedIdp } from '../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../fixtures/oauth/sso-gate.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const PATH = '/auth/sso/admin/providers/acme';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(
  `single sign-on at two replicas on PostgreSQL and Redis${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let idp: ScriptedIdp;
    let a: SsoGate;
    let b: SsoGate;

    beforeAll(async () => {
      [replicas, idp] = await Promise.all([TwoReplicas.start({ SSO_ENABLED: 'true' }), ScriptedIdp.start()]);
      [a, b] = [SsoGate.at(replicas.a), SsoGate.at(replicas.b)];
    });
    beforeEach(() => a.provider('acme', idp));
    afterAll(async () => {
      await replicas?.stop();
      await idp?.close();
    });

    /** Begun at one and finished at the other, and known to the caches of both. */
    async function signIn(sid: string): Promise<string> {
      const { authorizationUrl, state, cookie } = await a.begin('acme');
      const code = idp.code(authorizationUrl, { ...ANN, sid });
      const { session = '' } = await b.comeBack('acme', { code, state }, cookie);
      expect([await doors(replicas.a, session), await doors(replicas.b, session)]).toEqual([
        [200, 200],
        [200, 200],
      ]);
      return session;
    }
    const doors = async (replica: RunningGateway, session: string): Promise<number[]> => [
      (await replica.rest('GET', '/tools', undefined, session)).status,
      (await replica.rest('POST', '/mcp', LIST, session)).status,
    ];
    async function ended(session: string): Promise<void> {
      expect(await doors(replicas.a, session)).toEqual([401, 401]);
      await withinASecond(async () => expect(await doors(replicas.b, session)).toEqual([401, 401]));
      expect((await replicas.b.rest('POST', '/auth/refresh', undefined, session)).status).toBe(401);
    }

    async function logOut(claims: object): Promise<number> {
      const token = await idp.idToken({ aud: CLIENT.id, jti: randomUUID(), events: EVENTS, ...claims });
      const response = await fetch(`${replicas.a.url}/auth/sso/backchannel-logout/acme`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
      });
      await response.arrayBuffer();
      return response.status;
    }

    it('ends at both what the provider ended at one, and nothing else', async () => {
      const [one, two] = [await signIn('one'), await signIn('two')];
      expect(await logOut({ sid: 'one' })).toBe(200);
      await ended(one);
      expect(await doors(replicas.b, two)).toEqual([200, 200]);
      expect(await logOut({ sub: ANN.sub })).toBe(200);
      await ended(two);
    });

    it('takes a logout token once, whichever hears it', async () => {
      const token = await idp.idToken({ jti: randomUUID(), events: EVENTS, sub: ANN.sub });
      const send = async ({ url }: RunningGateway): Promise<number> => {
        const body = new URLSearchParams({ logout_token: token });
        return (await fetch(`${url}/auth/sso/backchannel-logout/acme`, { method: 'POST', body })).status;
      };
      const answers = await Promise.all([...replicas.both, ...replicas.both].map(send));
      expect(answers.sort((one, other) => one - other)).toEqual([200, 400, 400, 400]);
    });

    it.each<[string, () => Promise<{ status: number }>]>([
      ['switched off', () => replicas.a.rest('PUT', PATH, { is_enabled: false })],
      ['deleted', () => replicas.a.rest('DELETE', PATH)],
    ])('leaves nobody signed in at either when the provider is %s at one', async (_, close) => {
      const sessions = [await signIn('one'), await signIn('two')];
      const begun = await b.begin('acme');
      expect((await close()).status).toBeLessThan(300);
      for (const session of sessions) await ended(session);
      expect((await replicas.b.rest('GET', '/auth/sso/login/acme', undefined, null)).status).toBe(404);
      const code = idp.code(begun.authorizationUrl, ANN);
      expect((await b.comeBack('acme', { code, state: begun.state }, begun.cookie)).session).toBeUndefined();
    });
  },
);
