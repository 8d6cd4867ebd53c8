import type { JsonObject } from '#libs/mcp';
import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { targetOf } from '../../../../test/fixtures/plugins/target.js';
import type { CallError } from '../../hooks.js';
import { RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { RETRY_WITH_BACKOFF_CASES } from './retry-with-backoff.cases.js';
import { retryWithBackoff } from './retry-with-backoff.plugin.js';

interface Failure {
  readonly result?: JsonObject;
  readonly error?: CallError;
}
const FAILED: Failure = { result: { content: [], isError: true } };
const READS = { readOnlyHint: true };
const STEADY = { jitter: false };

/** How long to wait before each try of a call that fails like this. */
async function pauses(failure: Failure, config: object = STEADY, annotations: JsonObject | null = READS) {
  const plugin = await activePlugin(retryWithBackoff, config);
  const at = { facts: { ...FACTS, target: targetOf({ annotations }) }, state: new RequestState() };
  const waited: number[] = [];
  for (let tries = 0; tries < 12; tries += 1) {
    const { retryAfterMs } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, ...failure }, at);
    if (retryAfterMs === undefined) return waited;
    waited.push(retryAfterMs);
  }
  throw new Error('it never ends');
}

const error = (code: number, data?: unknown): Failure => ({
  error: { code, message: 'failed', ...(data !== undefined && { data }) },
});
const structured = (status_code: number, isError = true): Failure => ({
  result: { content: [], structuredContent: { status_code }, isError },
});
const TWICE = [200, 400];

describe('retry_with_backoff', () => {
  it.each(RETRY_WITH_BACKOFF_CASES)('$title', async (row) => {
    expect(await outcomeOf(retryWithBackoff, row)).toEqual(row.expect);
  });

  it.each([
    ['a result that is an error', FAILED, TWICE],
    ['one with a status that passes', structured(503), TWICE],
    ['a status that passes, in what is no error', structured(503, false), TWICE],
    ['one with a status that stays', structured(404), []],
    ['an error within the upstream', error(-32603), TWICE],
    ['one with a status that stays', error(-32603, { status_code: 400 }), []],
    ['arguments that are wrong', error(-32602), []],
    ['an upstream that can’t be reached', error(-32603, { reason: 'upstream_unreachable' }), TWICE],
    ['one that is busy', error(-32603, { reason: 'upstream_busy' }), TWICE],
    ['one that is down', error(-32603, { reason: 'upstream_unavailable' }), []],
    ['what the caller cancelled', error(-32603, { reason: 'cancelled' }), []],
    ['a success', { result: { content: [] } }, []],
  ])('tries %s again as often as that helps', async (_, failure, expected) => {
    expect(await pauses(failure)).toEqual(expected);
  });

  it('doubles its pauses up to the longest', async () => {
    expect(await pauses(FAILED, { ...STEADY, max_retries: 6, max_backoff_ms: 1000 })).toEqual([
      200, 400, 800, 1000, 1000, 1000,
    ]);
  });

  it('waits for a part of that at random', async () => {
    for (const [index, ms] of (await pauses(FAILED, { max_retries: 3 })).entries()) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(200 * 2 ** index);
    }
  });

  it.each([
    [null, {}, []],
    [{ readOnlyHint: false, idempotentHint: false }, {}, []],
    [{ idempotentHint: true }, {}, TWICE],
    [null, { retry_tools: ['clock-echo'] }, TWICE],
    [null, { tool_overrides: { echo: { max_retries: 1 } } }, [200]],
    [READS, { tool_overrides: { echo: { max_retries: 0 } } }, []],
  ])('repeats a tool with %j and %j only where that does no harm', async (annotations, config, expected) => {
    expect(await pauses(FAILED, { ...STEADY, ...config }, annotations)).toEqual(expected);
  });

  it('looks for a status in texts only where it is told to', async () => {
    const failure = { result: { content: [{ type: 'text', text: '{"status_code":404}' }], isError: true } };
    expect(await pauses(failure)).toEqual(TWICE);
    expect(await pauses(failure, { ...STEADY, check_text_content: true })).toEqual([]);
  });

  it('reads a resource again', async () => {
    const plugin = await activePlugin(retryWithBackoff, STEADY);
    const payload = { uri: 'test://one', result: {}, ...error(-32603) };
    expect((await askPlugin(plugin, 'resource_post_fetch', payload)).retryAfterMs).toBe(200);
  });

  it.each([
    [{ max_retries: 10 }],
    [{ backoff_base_ms: 0 }],
    [{ retry_on_status: ['503'] }],
    [{ tool_overrides: { a: { retries: 1 } } }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(retryWithBackoff, config)).rejects.toThrow(PluginConfigError);
  });
});
