import type { JsonObject } from '#libs/mcp';
import { type Permission, type Principal, UNRESTRICTED } from '#libs/policy';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ANONYMOUS } from '../../../auth/credentials/anonymous.js';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { targetOf } from '../../../../test/fixtures/plugins/target.js';
import type { ActivePlugin } from '../../chain/active-plugin.js';
import type { ToolPostInvoke, ToolPreInvoke } from '../../hooks.js';
import { type CallFacts, RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { CACHED_TOOL_RESULT_CASES } from './cached-tool-result.cases.js';
import { cachedToolResult } from './cached-tool-result.plugin.js';

const CONFIG = { cacheable_tools: ['echo'] };
const TARGET = targetOf({}, { passthrough: ['x-tenant', 'user-agent'] });
const ALICE: Principal = { ...ANONYMOUS, kind: 'session', subject: 'alice@example.com' };
const AT: CallFacts = { ...FACTS, target: TARGET, principal: ALICE };
const good = (text: string): JsonObject => ({ content: [{ type: 'text', text }] });

interface Call {
  readonly facts?: Partial<CallFacts>;
  readonly payload?: Partial<ToolPreInvoke>;
  readonly outcome?: Partial<ToolPostInvoke>;
}

/** The text of the cached result that answers the call; otherwise the call comes to `fresh`. */
async function call(plugin: ActivePlugin, { facts, payload, outcome }: Call = {}): Promise<unknown> {
  const at = { facts: { ...AT, ...facts }, state: new RequestState() };
  const before = { name: 'echo', args: { a: 1, b: 2 }, headers: {}, ...payload };
  const { answer } = await askPlugin(plugin, 'tool_pre_invoke', before, at);
  await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: answer ?? good('fresh'), ...outcome }, at);
  return answer;
}

afterEach(() => void vi.useRealTimers());

describe('cached_tool_result', () => {
  it.each(CACHED_TOOL_RESULT_CASES)('$title', async (row) => {
    expect(await outcomeOf(cachedToolResult, row)).toEqual(row.expect);
  });

  it('answers the second call with the result of the first', async () => {
    const plugin = await activePlugin(cachedToolResult, CONFIG);
    expect([await call(plugin), await call(plugin)]).toEqual([undefined, good('fresh')]);
    expect(await call(plugin, { payload: { args: { b: 2, a: 1 } } })).toEqual(good('fresh'));
    expect(await call(plugin, { payload: { headers: { 'x-request-id': 'another' } } })).toEqual(good('fresh'));
  });

  it.each<[string, Call]>([
    ['another caller', { facts: { user: 'bob@example.com' } }],
    ['another team', { facts: { tenantId: 'team-2' } }],
    ['another server', { facts: { serverId: 'server-2' } }],
    ['another tool', { facts: { target: targetOf({ id: 'tool-2' }) } }],
    ['the tool as it is after a change', { facts: { target: { ...TARGET } } }],
    ['other arguments', { payload: { args: { a: 1 } } }],
    ['another header that goes up', { payload: { headers: { 'x-tenant': 'blue' } } }],
    ['a common header that goes up here', { payload: { headers: { 'user-agent': 'another' } } }],
    ['a credential for the upstream', { payload: { headers: { authorization: 'Bearer fixture' } } }],
    ['an administrator', { facts: { principal: { ...ALICE, isAdmin: true } } }],
    [
      'other teams',
      { facts: { principal: { ...ALICE, teams: { kind: 'teams', ids: new Set(['t']), narrowed: true } } } },
    ],
    [
      'a token that may do less',
      {
        facts: {
          principal: {
            ...ALICE,
            restrictions: { ...UNRESTRICTED, permissions: new Set<Permission>(['tools.execute']) },
          },
        },
      },
    ],
    ['a call for a task', { payload: { stateful: true } }],
  ])('does not answer %s', async (_, other) => {
    const plugin = await activePlugin(cachedToolResult, CONFIG);
    await call(plugin);
    expect(await call(plugin, other)).toBeUndefined();
  });

  it.each<[string, Call]>([
    ['an error', { outcome: { result: {}, error: { code: -32603, message: 'failed' } } }],
    ['a result that is one', { outcome: { result: { ...good('bad'), isError: true } } }],
    ['a task', { outcome: { result: { status: 'working' } } }],
    ['what a call for a task came to', { payload: { stateful: true } }],
    ['what is too large', { outcome: { result: good('x'.repeat(2000)) } }],
  ])('does not keep %s', async (_, first) => {
    const plugin = await activePlugin(cachedToolResult, { ...CONFIG, max_bytes: 2048 });
    await call(plugin, first);
    expect(await call(plugin)).toBeUndefined();
  });

  it('forgets after its time, and what was asked for least lately', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'Date'] });
    // The cache takes the zero of its clock for no time at all.
    vi.advanceTimersByTime(1000);
    const plugin = await activePlugin(cachedToolResult, { ...CONFIG, ttl: 10, max_bytes: 1024 });
    await call(plugin);
    vi.advanceTimersByTime(9000);
    expect(await call(plugin)).toEqual(good('fresh'));
    vi.advanceTimersByTime(2000);
    expect(await call(plugin)).toBeUndefined();
    for (const a of [1, 2, 3, 4]) await call(plugin, { payload: { args: { a } } });
    expect(await call(plugin)).toBeUndefined();
  });

  it('looks only at the arguments that count', async () => {
    const plugin = await activePlugin(cachedToolResult, { ...CONFIG, key_fields: { echo: ['a'] } });
    await call(plugin);
    expect(await call(plugin, { payload: { args: { a: 1, b: 3 } } })).toEqual(good('fresh'));
    expect(await call(plugin, { payload: { args: { a: 2, b: 2 } } })).toBeUndefined();
  });

  it.each([
    [{ ttl: 0 }],
    [{ cacheable_tools: 'echo' }],
    [{ key_fields: { echo: 'a' } }],
    [{ max_bytes: 1 }],
    [{ tools: [] }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(cachedToolResult, config)).rejects.toThrow(PluginConfigError);
  });
});
