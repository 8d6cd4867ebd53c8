import { decodeProtectedHeader } from 'jose';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KeyStatusDto } from '../../src/vault/dto/key-status.dto.js';
import { ResealJob } from '../../src/vault/rotation/reseal-job.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { RestService } from '../fixtures/upstreams/rest-service.js';
import { onEveryDatabase } from './on-every-database.js';
import { SteadyCalls } from './steady-calls.js';
import { TwoReplicas } from './two-replicas.js';

const SETTINGS = { KEY_RETIREMENT_SECONDS: '1', KEY_CACHE_SECONDS: '1', JWT_KEY_LEAD_SECONDS: '1' };
const CREDENTIAL = `test-fixture-${randomBytes(16).toString('hex')}`;
const PATIENCE = { timeout: 60_000, interval: 100 };
const WRITES = 5;

/** What every deployment has to stand, however many replicas and whichever database. */
function standsRotation(replicas: () => readonly RunningGateway[]): void {
  const authorized = ({ headers }: { readonly headers: { readonly authorization?: string | undefined } }): boolean =>
    headers.authorization === `Bearer ${CREDENTIAL}`;
  let upstream: GrowingUpstream;
  let service: RestService;

  beforeAll(async () => {
    upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    upstream.scripted.change({
      'tools/call': (request) =>
        authorized(request) ? { result: { content: [{ type: 'text', text: 'done' }] } } : { status: 401 },
    });
    service = await RestService.start();
    service.script = (call, response) => {
      response.writeHead(authorized(call) ? 200 : 401, { 'content-type': 'application/json' }).end('{"done":true}');
    };
  });
  afterAll(async () => {
    await upstream.close();
    await service.close();
  });

  it('rotates the keys of secrets and of tokens under steady calls: none fails, and nothing stays under a former key', async ({
    annotate,
  }) => {
    const [a, b = a] = replicas() as [RunningGateway, RunningGateway?];
    const auth = { auth_type: 'bearer', auth_token: CREDENTIAL };
    const keep = async (name: string): Promise<string> => {
      const made = await a.rest('POST', '/tools', { tool: { name, url: `${service.origin}/run`, ...auth } });
      expect(made.status).toBe(200);
      return made.body.id as string;
    };
    const { id } = await a.register('sealed', upstream.url, auth);
    const kept = await keep('kept');
    const served = await a.serve(id, { tool_naming: 'original' });
    const { id: keptServer } = (
      await a.rest('POST', '/servers', { server: { name: 'kept', associated_tools: [kept] } })
    ).body;
    const first = await a.mint('before');
    let token = first;
    const steady = new SteadyCalls(replicas(), [
      { path: `/servers/${served.id}/mcp`, token: () => token, tool: 'run' },
      { path: `/servers/${served.id}/mcp`, token: () => first, tool: 'run' },
      { path: `/servers/${keptServer}/mcp`, token: () => token, tool: 'kept' },
    ]);
    const calls: Record<string, number> = { before: await steady.during(() => steady.more(50)) };

    const status = async (replica: RunningGateway): Promise<KeyStatusDto> =>
      (await replica.rest<KeyStatusDto>('GET', '/admin/keys')).body;
    for (let round = 1; round <= 2; round += 1) {
      calls[`data key ${round}`] = await steady.during(async () => {
        expect((await a.rest('POST', '/admin/keys/rotate')).status).toBe(202);
        for (let write = 0; write < WRITES; write += 1) await keep(`written_${round}_${write}`);
        await vi.waitFor(async () => {
          await b.gateway.app.get(ResealJob, { strict: false }).run();
          expect((await status(b)).rotation?.state).toBe('finished');
        }, PATIENCE);
      });
      calls[`after data key ${round}`] = await steady.during(() => steady.more(50));
    }

    const former = decodeProtectedHeader(first).kid;
    calls['key of tokens'] = await steady.during(async () => {
      expect((await a.rest('POST', '/admin/keys/jwt/rotate')).status).toBe(202);
      await vi.waitFor(async () => {
        for (const replica of replicas()) {
          token = await replica.mint(`after ${randomBytes(4).toString('hex')}`);
          expect(decodeProtectedHeader(token).kid).not.toBe(former);
        }
      }, PATIENCE);
    });
    calls['after'] = await steady.during(() => steady.more(100));
    await steady.stop();
    // How fast they came says bench/key-rotation.mjs.
    await annotate(`${steady.made} calls: ${JSON.stringify(calls)}`);

    expect(steady.failures).toEqual([]);
    for (const [phase, made] of Object.entries(calls)) expect(made, phase).toBeGreaterThan(0);
    for (const replica of replicas()) {
      const { keys, other_values: others } = await status(replica);
      expect(keys.map(({ state }) => state)).toEqual(['current', 'destroyed', 'destroyed']);
      expect(keys.map(({ values }) => values)).toEqual([2 + 2 * WRITES + 1, 0, 0]);
      expect(others).toBe(0);
      expect((await replica.rest('GET', '/tools', undefined, first)).status).toBe(200);
      const { keys: signing } = (await replica.rest('GET', '/admin/keys/jwt')).body;
      expect(signing).toMatchObject([
        { kid: former, state: 'verifies' },
        { state: 'signs', ends_at: null },
      ]);
    }
  }, 180_000);

  it('refuses what a revoked key of tokens has signed, at once where it is revoked and soon everywhere', async () => {
    const [a] = replicas() as [RunningGateway];
    const rotated = async (): Promise<string> => (await a.rest('POST', '/admin/keys/jwt/rotate')).body.keys.at(-1).kid;
    const statusAt = async (replica: RunningGateway): Promise<number> =>
      (await replica.rest('GET', '/tools', undefined, token)).status;
    const kid = await rotated();
    let token = '';
    await vi.waitFor(async () => {
      token = await a.mint(`stolen ${randomBytes(4).toString('hex')}`);
      expect(decodeProtectedHeader(token).kid).toBe(kid);
    }, PATIENCE);
    for (const replica of replicas()) expect(await statusAt(replica)).toBe(200);
    await rotated();
    expect((await a.rest('DELETE', `/admin/keys/jwt/${kid}`)).status).toBe(200);
    expect(await statusAt(a)).toBe(401);
    for (const replica of replicas()) await vi.waitFor(async () => expect(await statusAt(replica)).toBe(401), PATIENCE);
    expect((await a.rest('GET', '/tools')).status).toBe(200);
  });
}

describe('a gateway', () => {
  onEveryDatabase((database) => {
    let running: RunningGateway;
    beforeAll(async () => {
      running = await RunningGateway.start({ ...SETTINGS, DATABASE_URL: database.url });
    });
    afterAll(() => running.stop());

    standsRotation(() => [running]);
  });
});

const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(`two replicas${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let replicas: TwoReplicas;
  beforeAll(async () => {
    replicas = await TwoReplicas.start(SETTINGS);
  });
  afterAll(() => replicas.stop());

  standsRotation(() => replicas.both);
});
