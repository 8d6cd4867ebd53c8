import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { targetOf } from '../../../../test/fixtures/plugins/target.js';
import { PluginContext, RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { WATCHDOG_CASES } from './watchdog.cases.js';
import { watchdog } from './watchdog.plugin.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const facts = { ...FACTS, target: targetOf() };

/** A call that took so long. */
async function after(ms: number, config: object) {
  const plugin = await activePlugin(watchdog, config);
  const state = new RequestState();
  const before = await askPlugin(plugin, 'tool_pre_invoke', { name: 'echo', args: {}, headers: {} }, { state, facts });
  vi.advanceTimersByTime(ms);
  const payload = { name: 'echo', result: { content: [] } };
  const { violation } = await askPlugin(plugin, 'tool_post_invoke', payload, { state, facts });
  const said = await plugin.plugin.hooks.tool_post_invoke?.(payload, new PluginContext(facts, state, plugin));
  return { deadlineMs: before.deadlineMs, violation, metadata: said?.metadata };
}

describe('watchdog', () => {
  it.each(WATCHDOG_CASES)('$title', async (row) => {
    expect(await outcomeOf(watchdog, row)).toEqual(row.expect);
  });

  it('gives a call so long, and refuses what took longer', async () => {
    const config = { max_duration_ms: 100, action: 'block' };
    expect(await after(90, config)).toEqual({ deadlineMs: 100, violation: undefined, metadata: undefined });
    const { violation } = await after(150, config);
    expect(violation).toMatchObject({
      code: 'WATCHDOG_TIMEOUT',
      details: { watchdog_elapsed_ms: 151, watchdog_limit_ms: 100 },
    });
  });

  it('only notes it, unless told otherwise', async () => {
    const { deadlineMs, violation, metadata } = await after(150, { max_duration_ms: 100 });
    expect([deadlineMs, violation]).toEqual([undefined, undefined]);
    expect(metadata).toEqual({ watchdog_violation: true, watchdog_elapsed_ms: 151, watchdog_limit_ms: 100 });
  });

  it.each(['clock-echo', 'echo', 'tool-1'])('has other rules for %s', async (name) => {
    const config = { max_duration_ms: 100, tool_overrides: { [name]: { max_duration_ms: 1000, action: 'block' } } };
    expect(await after(150, config)).toMatchObject({ deadlineMs: 1000, violation: undefined });
  });

  it('knows nothing of the result of a task', async () => {
    const plugin = await activePlugin(watchdog, { max_duration_ms: 1, action: 'block' });
    const { violation } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: { content: [] } });
    expect(violation).toBeUndefined();
  });

  it.each([
    [{ max_duration_ms: 0 }],
    [{ max_duration_ms: 1.5 }],
    [{ action: 'kill' }],
    [{ tool_overrides: { echo: { max_duration: 1 } } }],
    [{ tool_overrides: { echo: { action: 'kill' } } }],
    [{ tool_overrides: { echo: 5 } }],
    [{ tool_overrides: [] }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(watchdog, config)).rejects.toThrow(PluginConfigError);
  });
});
