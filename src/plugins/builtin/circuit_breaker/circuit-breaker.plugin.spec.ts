import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { targetOf } from '../../../../test/fixtures/plugins/target.js';
import type { ActivePlugin } from '../../chain/active-plugin.js';
import { RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { CIRCUIT_BREAKER_CASES } from './circuit-breaker.cases.js';
import { circuitBreaker } from './circuit-breaker.plugin.js';

const CONFIG = { consecutive_failure_threshold: 2 };
const OK = { result: { content: [] } };
const FAILED = { result: { content: [], isError: true } };
const error = (reason?: string) => ({
  result: {},
  error: { code: -32603, message: 'failed', ...(reason !== undefined && { data: { reason } }) },
});

/** The code that a call gets before it is made. */
async function call(plugin: ActivePlugin, outcome: object, target = targetOf()): Promise<string | undefined> {
  const at = { facts: { ...FACTS, target }, state: new RequestState() };
  const { violation } = await askPlugin(plugin, 'tool_pre_invoke', { name: 'echo', args: {}, headers: {} }, at);
  if (!violation) await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', ...OK, ...outcome }, at);
  return violation?.code;
}

describe('circuit_breaker', () => {
  it.each(CIRCUIT_BREAKER_CASES)('$title', async (row) => {
    expect(await outcomeOf(circuitBreaker, row)).toEqual(row.expect);
  });

  it.each([
    ['results that are errors', FAILED],
    ['errors of the upstream', error()],
    ['upstreams that do not answer', error('upstream_timeout')],
  ])('opens for %s, of that tool alone', async (_, outcome) => {
    const plugin = await activePlugin(circuitBreaker, CONFIG);
    await call(plugin, outcome);
    await call(plugin, outcome);
    expect(await call(plugin, OK)).toBe('CIRCUIT_OPEN');
    expect(await call(plugin, OK, targetOf({ id: 'tool-2' }))).toBeUndefined();
  });

  it.each(['cancelled', 'token_revoked', 'client_too_slow'])('blames no tool for %s', async (reason) => {
    const plugin = await activePlugin(circuitBreaker, { consecutive_failure_threshold: 1 });
    await call(plugin, error(reason));
    expect(await call(plugin, OK)).toBeUndefined();
  });

  it('says when to come back', async () => {
    const plugin = await activePlugin(circuitBreaker, {
      ...CONFIG,
      tool_overrides: { echo: { consecutive_failure_threshold: 1 } },
    });
    await call(plugin, FAILED);
    const { violation } = await askPlugin(
      plugin,
      'tool_pre_invoke',
      { name: 'echo', args: {}, headers: {} },
      { facts: { ...FACTS, target: targetOf() } },
    );
    expect(violation).toMatchObject({ httpStatus: 503, httpHeaders: { 'Retry-After': '60' } });
  });

  it.each([
    [{ error_rate_threshold: 2 }],
    [{ min_calls: 0 }],
    [{ cooldown_seconds: -1 }],
    [{ tool_overrides: { echo: { cooldown: 1 } } }],
    [{ threshold: 1 }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(circuitBreaker, config)).rejects.toThrow(PluginConfigError);
  });
});
