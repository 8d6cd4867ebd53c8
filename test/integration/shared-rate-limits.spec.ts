import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALGORITHMS } from '../../src/plugins/builtin/rate_limiter/limit-store.js';
import { PluginLoader } from '../../src/plugins/config/plugin-loader.js';
import { jsonOf, RawCaller } from '../e2e/mcp/raw-caller.js';
import { RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { addUser } from '../fixtures/people.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../fixtures/signed-token.js';
import { TwoReplicas } from './two-replicas.js';

const USERS = 50;
const BURST = 10;
const LIMIT = 4;
const PATIENCE = { timeout: 20_000, interval: 20 };
const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(`rate limits of two replicas${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-limits-'));
  const file = join(folder, 'plugins.yaml');
  let replicas: TwoReplicas;
  let upstream: Awaited<ReturnType<typeof RawUpstream.start>>;
  let callers: readonly (readonly [RawCaller, RawCaller])[] = [];

  beforeAll(async () => {
    writeFileSync(file, '{}');
    const plugins = { PLUGINS_ENABLED: 'true', PLUGIN_CONFIG_FILE: file };
    // What is tested is the count, not how soon a busy machine hears of it.
    const patience = { REDIS_COMMAND_TIMEOUT_MS: '10000' };
    replicas = await TwoReplicas.start({ JWT_SECRET_KEY: SHARED_SECRET, ...plugins, ...patience });
    upstream = await RawUpstream.start('modern', {});
    const { id } = await replicas.a.register('limited', upstream.url);
    const server = await replicas.a.serve(id, { tool_naming: 'original' });
    const tokens: string[] = [];
    for (let user = 0; user < USERS; user += 1)
      tokens.push(
        signedToken({ sub: (await addUser(replicas.a, `user${user}@example.com`, true)).id, token_use: 'session' }),
      );
    const at = ({ url }: RunningGateway, token: string): RawCaller =>
      new RawCaller(`${url}/servers/${server.id}/mcp`, token);
    callers = tokens.map((token) => [at(replicas.a, token), at(replicas.b, token)]);
    const served = async () => (await callers[0]?.[1].modern('tools/list'))?.status;
    await vi.waitFor(async () => expect(await served()).toBe(200), PATIENCE);
  });
  afterAll(async () => {
    for (const caller of callers.flat()) caller.close();
    await replicas?.stop();
    await upstream?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Both replicas run the limiter like this from now on. */
  async function limited(config: object): Promise<void> {
    const kind = 'plugins.rate_limiter.rate_limiter.RateLimiterPlugin';
    const entry = { name: 'RateLimiterPlugin', kind, config: { backend: 'redis', by_user: `${LIMIT}/h`, ...config } };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ plugins: [entry] }));
    for (const { gateway } of replicas.both) {
      const loader = gateway.app.get(PluginLoader, { strict: false });
      await loader.reload();
      expect(loader.state.faults).toEqual([]);
    }
  }

  const call = async (caller: RawCaller | undefined) => {
    const answer = await caller?.modern('tools/call', { name: 'tool' });
    return { status: answer?.status, headers: answer?.headers, body: answer && jsonOf(answer) };
  };
  const bursts = () =>
    Promise.all(
      callers.map((ofUser) =>
        Promise.all(Array.from({ length: BURST }, (_, index) => call(ofUser[(index % 2) as 0 | 1]))),
      ),
    );

  it.each(ALGORITHMS)('let each of 50 users through exactly as often as %s says', async (algorithm) => {
    await limited({ algorithm });
    upstream.seen.length = 0;
    const answers = await bursts();
    const passed = answers.map((ofUser) => ofUser.filter(({ body }) => body.result).length);
    expect(passed).toEqual(Array.from({ length: USERS }, () => LIMIT));
    expect(upstream.seen).toHaveLength(USERS * LIMIT);
    const refused = answers.flat().find(({ body }) => body.error);
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers?.['retry-after'])).toBeGreaterThan(0);
    expect(refused?.body.error.message).toBe(
      'tool_pre_invoke blocked by plugin RateLimiterPlugin: RATE_LIMIT - Rate limit exceeded (Rate limit exceeded)',
    );
  });

  it('do as the fail mode says while Redis is away, and count again when it is back', async () => {
    await replicas.redis.kill();
    await replicas.heard(false);
    const [someone] = callers;
    await limited({ fail_mode: 'closed' });
    for (const caller of someone ?? []) {
      const { status, body } = await call(caller);
      expect([status, body.error.data.plugin_error_code]).toEqual([503, 'RATE_LIMIT_UNAVAILABLE']);
    }
    await limited({ fail_mode: 'open', by_user: '1/h' });
    for (const caller of [...(someone ?? []), ...(someone ?? [])])
      expect((await call(caller)).body.result).toBeDefined();
    await replicas.redis.begin();
    await replicas.heard(true);
    const counted = async () => (await call(someone?.[0])).body.error?.data.plugin_error_code;
    await vi.waitFor(async () => expect(await counted()).toBe('RATE_LIMIT'), PATIENCE);
  });
});
