import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DpopKey } from '../fixtures/dpop-key.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';

const APP_DOMAIN = 'https://gate.example.com';
const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(`proofs shown to two replicas${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let replicas: TwoReplicas;
  let key: DpopKey;
  let token: string;
  beforeAll(async () => {
    // What is tested is what both remember, not how soon a busy machine answers.
    replicas = await TwoReplicas.start({ APP_DOMAIN, DPOP_NONCE_REQUIRED: 'true', REDIS_COMMAND_TIMEOUT_MS: '10000' });
    key = await DpopKey.make();
    const wish = { name: 'bound', expires_in_days: 1, dpop_jkt: key.jkt };
    token = (await replicas.a.rest('POST', '/tokens', wish)).body.access_token;
  });
  afterAll(() => replicas?.stop());

  const show = ({ url }: RunningGateway, DPoP: string) =>
    fetch(`${url}/tools?limit=1`, { headers: { Authorization: `DPoP ${token}`, DPoP } });
  const proof = (nonce?: string | null) => key.proof('GET', `${APP_DOMAIN}/tools`, token, { nonce });
  const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code?: unknown }).code;
  /** A nonce that one replica gave. */
  const nonceOf = async (replica: RunningGateway): Promise<string | null> => {
    const response = await show(replica, await proof());
    expect(await codeOf(response)).toBe('use_dpop_nonce');
    return response.headers.get('dpop-nonce');
  };

  it('are good for one request at one of them, with the nonce of either', async () => {
    const { a, b } = replicas;
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const good = await proof(await nonceOf(one));
      expect((await show(other, good)).status).toBe(200);
      for (const replica of replicas.both) expect(await codeOf(await show(replica, good))).toBe('invalid_dpop_proof');
    }
  });

  it('let one of many requests through that come to both at once', async () => {
    const nonce = await nonceOf(replicas.a);
    for (let round = 0; round < 5; round += 1) {
      const good = await proof(nonce);
      const shown = Array.from({ length: 20 }, (_, at) => show(at % 2 === 0 ? replicas.a : replicas.b, good));
      const statuses = (await Promise.all(shown)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 401)).toHaveLength(19);
    }
  });

  it('let nobody in while Redis is away, and bearers all the same', async () => {
    const nonce = await nonceOf(replicas.a);
    const before = await proof(nonce);
    expect((await show(replicas.a, before)).status).toBe(200);
    await replicas.redis.kill();
    await replicas.heard(false);
    for (const replica of replicas.both) {
      for (const shown of [before, await proof(nonce)]) {
        const response = await show(replica, shown);
        expect([response.status, await codeOf(response)]).toEqual([503, 'overloaded']);
      }
      expect((await replica.rest('GET', '/tools?limit=1')).status).toBe(200);
    }
  });
});
