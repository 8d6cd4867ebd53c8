import { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import type { ActivePlugin } from '../../chain/active-plugin.js';
import { BlockedAnswer } from '../../guard/blocked-answer.js';
import type { CallFacts } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import type { PluginServices } from '../../plugin-services.js';
import { RATE_LIMITER_CASES } from './rate-limiter.cases.js';
import { rateLimiter } from './rate-limiter.plugin.js';

/** No Redis listens there. */
const commands = new Redis({ host: '127.0.0.1', port: 1, db: 2, lazyConnect: true, retryStrategy: () => null });
commands.on('error', () => undefined);
const AWAY = { redis: { prefix: 'test:', commands } } as PluginServices;
const NONE = { redis: { prefix: 'test:' } } as PluginServices;

const call = (plugin: ActivePlugin, facts: Partial<CallFacts> = {}, name = 'echo') =>
  askPlugin(plugin, 'tool_pre_invoke', { name, args: {}, headers: {} }, { facts: { ...FACTS, ...facts } });
const codes = async (plugin: ActivePlugin, ...all: readonly [Partial<CallFacts>, string?][]) => {
  const said: (string | undefined)[] = [];
  for (const [facts, name] of all) said.push((await call(plugin, facts, name)).violation?.code);
  return said;
};
const [ALICE, BOB] = [{ user: 'alice@example.com' }, { user: 'bob@example.com' }];
const R = 'RATE_LIMIT';

afterEach(() => void vi.useRealTimers());
afterAll(() => commands.disconnect());

describe('rate_limiter', () => {
  it.each(RATE_LIMITER_CASES)('$title', async (row) => {
    expect(await outcomeOf(rateLimiter, row)).toEqual(row.expect);
  });

  it('refuses in the pinned words, and says when to come back', async () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date', 'performance'] });
    const plugin = await activePlugin(rateLimiter, { by_user: '1/m' });
    await call(plugin);
    const { violation } = await call(plugin);
    if (!violation) throw new Error('the second call passed');
    const answer = BlockedAnswer.by(1, 'tool_pre_invoke', 'RateLimiterPlugin', violation, 'mcp');
    expect(answer.text).toBe(
      'tool_pre_invoke blocked by plugin RateLimiterPlugin: RATE_LIMIT - Rate limit exceeded (Rate limit exceeded)',
    );
    expect(answer.status).toBe(429);
    expect(answer.told.data['details']).toEqual({ limited: true, remaining: 0, reset_in: 60 });
    expect(answer.told.headers).toEqual({
      'Retry-After': '60',
      'X-RateLimit-Limit': '1',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': '1700000060',
    });
  });

  it('counts each caller by itself, and in each team', async () => {
    const plugin = await activePlugin(rateLimiter, { by_user: '1/h' });
    const other = { ...ALICE, tenantId: 'team-2' };
    expect(await codes(plugin, [ALICE], [BOB], [other], [ALICE], [other])).toEqual([
      undefined,
      undefined,
      undefined,
      R,
      R,
    ]);
  });

  it('tells callers without a name apart by their address', async () => {
    const plugin = await activePlugin(rateLimiter, { by_user: '1/h' });
    const nobody = (clientAddress: string) => ({ user: 'anonymous', clientAddress });
    const [here, there] = [nobody('192.0.2.1'), nobody('192.0.2.2')];
    expect(await codes(plugin, [here], [there], [here])).toEqual([undefined, undefined, R]);
    const [one, neighbour] = [nobody('2001:db8::1'), nobody('2001:db8::2')];
    expect(await codes(plugin, [one], [neighbour])).toEqual([undefined, R]);
  });

  it('counts a tool for each caller, and all callers of a team together', async () => {
    const byTool = await activePlugin(rateLimiter, { by_tool: { echo: '1/h' } });
    expect(await codes(byTool, [ALICE], [BOB], [ALICE], [ALICE, 'other'])).toEqual([
      undefined,
      undefined,
      R,
      undefined,
    ]);
    const byTenant = await activePlugin(rateLimiter, { by_tenant: '1/h' });
    expect(await codes(byTenant, [ALICE], [BOB], [{ ...BOB, tenantId: 'team-2' }])).toEqual([undefined, R, undefined]);
  });

  it('takes nothing from a caller whom another limit refuses', async () => {
    const plugin = await activePlugin(rateLimiter, { by_user: '2/h', by_tool: { echo: '1/h' } });
    expect(await codes(plugin, [ALICE], [ALICE], [ALICE, 'other'], [ALICE, 'other'])).toEqual([
      undefined,
      R,
      undefined,
      R,
    ]);
  });

  it.each([
    ['closed', undefined, ['RATE_LIMIT_UNAVAILABLE', 'RATE_LIMIT_UNAVAILABLE']],
    ['open', undefined, [undefined, undefined]],
    ['closed', true, [undefined, R]],
  ])('while Redis is away: %s, fallback %s', async (fail_mode, redis_fallback, expected) => {
    const config = { by_user: '1/h', backend: 'redis', fail_mode, ...(redis_fallback && { redis_fallback }) };
    expect(await codes(await activePlugin(rateLimiter, config, AWAY), [ALICE], [ALICE])).toEqual(expected);
  });

  it('takes the URL of the gateway’s own Redis, and no other', async () => {
    const made = (redis_url: string, services = AWAY) =>
      activePlugin(rateLimiter, { backend: 'redis', redis_url }, services);
    await made('redis://user:secret@127.0.0.1:1/2');
    await expect(made('redis://elsewhere:6379/2')).rejects.toThrow(/redis_url is not the Redis of the gateway/);
    await expect(made('redis://127.0.0.1:1/0')).rejects.toThrow(/redis_url is not the Redis/);
    await expect(made('http://127.0.0.1')).rejects.toThrow(/redis_url must look like/);
    await expect(made('redis://127.0.0.1:1/2', NONE)).rejects.toThrow(/needs REDIS_URL/);
  });

  it('counts in memory where the gateway has no Redis, if it may', async () => {
    const plugin = await activePlugin(rateLimiter, { by_user: '1/h', backend: 'redis', redis_fallback: true }, NONE);
    expect(await codes(plugin, [ALICE], [ALICE])).toEqual([undefined, R]);
  });

  it.each([
    [{ by_user: '30/d' }],
    [{ by_user: '0/m' }],
    [{ by_tenant: 'many' }],
    [{ by_tool: { echo: '1/fortnight' } }],
    [{ by_tool: ['1/m'] }],
    [{ algorithm: 'leaky' }],
    [{ backend: 'disk' }],
    [{ fail_mode: 'maybe' }],
    [{ redis_key_prefix: 'a b' }],
    [{ by_users: '1/m' }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(rateLimiter, config, AWAY)).rejects.toThrow(PluginConfigError);
  });
});
