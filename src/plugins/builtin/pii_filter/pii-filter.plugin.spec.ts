import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginChains } from '../../chain/plugin-chains.js';
import { type HookEvent, runHook } from '../../chain/run-hook.js';
import { RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { PII_FILTER_CASES } from './pii-filter.cases.js';
import { piiFilter } from './pii-filter.plugin.js';

const text = (said: string) => ({ content: [{ type: 'text', text: said }] });
const ALL =
  'SSN 123-45-6789, card 4111 1111 1111 1111, jane@example.com, IBAN GB82 WEST 1234 5698 7654 32, 203.0.113.7';

async function eventOf(config: object): Promise<HookEvent | undefined> {
  const events: HookEvent[] = [];
  const chains = new PluginChains();
  chains.replace([await activePlugin(piiFilter, config)]);
  const payload = { name: 'echo', args: { note: 'SSN 123-45-6789', 'jane@example.com': 1 }, headers: {} };
  const steps = chains.of(undefined, undefined, undefined).steps('tool_pre_invoke');
  await runHook('tool_pre_invoke', steps, payload, {
    facts: FACTS,
    state: new RequestState(),
    events: { happened: (event) => void events.push(event) },
  });
  return events[0];
}

describe('pii_filter', () => {
  it.each(PII_FILTER_CASES)('$title', async (row) => {
    expect(await outcomeOf(piiFilter, row)).toEqual(row.expect);
  });

  it.each(['redact', 'partial', 'hash', 'tokenize', 'remove'])('masks once: %s', async (default_mask_strategy) => {
    const plugin = await activePlugin(piiFilter, {
      default_mask_strategy,
      custom_patterns: [{ pattern: '[A-Z]{3}-[0-9]+' }],
    });
    const ask = async (result: Readonly<Record<string, unknown>>) =>
      (await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result })).payload.result;
    const once = await ask(text(`${ALL}, ABC-123`));
    expect(JSON.stringify(once)).not.toMatch(/123-45|4111 1111 1111|jane@|WEST|203\.0|ABC-123/);
    expect(await ask(once)).toBe(once);
  });

  it('tells types, members and counts in the audit trail, and nothing personal', async () => {
    expect((await eventOf({}))?.metadata).toEqual({
      pii_detections: {
        tool_pre_invoke: {
          detected: true,
          total_count: 2,
          types: ['ssn', 'email'],
          fields: ['note'],
          counts: { ssn: 1, email: 1 },
        },
      },
      pii_filter_stats: { total_detections: 2, total_masked: 2 },
    });
    expect((await eventOf({ include_detection_details: false }))?.metadata).toMatchObject({
      pii_detections: { tool_pre_invoke: { detected: true, total_count: 2 } },
    });
    expect((await eventOf({ log_detections: false }))?.metadata).toBeUndefined();
  });

  it('says what it refused', async () => {
    const blocking = { block_on_detection: true };
    const plugin = await activePlugin(piiFilter, blocking);
    const prompt = await askPlugin(plugin, 'prompt_pre_fetch', { promptId: 'p', args: { topic: 'jane@example.com' } });
    expect(prompt.violation).toMatchObject({
      reason: 'PII detected in prompt arguments',
      description: 'Sensitive information detected: email',
      details: { field: 'topic', types: ['email'], count: 1 },
    });
    const tool = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: text('jane@example.com') });
    expect(tool.violation?.details).toEqual({ detected_types: ['email'], total_count: 1 });
    const terse = await activePlugin(piiFilter, { ...blocking, include_detection_details: false });
    const { violation } = await askPlugin(terse, 'tool_post_invoke', {
      name: 'echo',
      result: text('jane@example.com'),
    });
    expect(violation).toMatchObject({ description: 'Sensitive information detected', details: { total_count: 1 } });
  });

  it('masks the error in the place of a result, and messages between', async () => {
    const plugin = await activePlugin(piiFilter);
    const error = { code: -32000, message: 'no jane@example.com', data: { ssn: '123-45-6789' } };
    const { payload } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, error });
    expect(payload.error).toEqual({ code: -32000, message: 'no [REDACTED]', data: { ssn: '[REDACTED]' } });
    const body = { message: { role: 'user', content: { type: 'text', text: 'jane@example.com' } } };
    const stream = await askPlugin(plugin, 'stream_message', {
      direction: 'to_client',
      method: 'sampling/createMessage',
      body,
    });
    expect(stream.payload.body).toEqual({ message: { role: 'user', content: { type: 'text', text: '[REDACTED]' } } });
  });

  it('keys hashes, where it has a key', async () => {
    const plugin = await activePlugin(piiFilter, {
      default_mask_strategy: 'hash',
      hash_key: 'a key of the test fixture',
    });
    const { payload } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: text('jane@example.com') });
    expect(JSON.stringify(payload)).toMatch(/\[HASH:(?!8c87b489)[0-9a-f]{8}\]/);
  });

  it('still finds what stands in or around a text that is like a mask', async () => {
    const plugin = await activePlugin(piiFilter, { redaction_text: 'x' });
    const { payload } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: text('max@example.com') });
    expect(payload.result).toEqual(text('x'));
  });

  it.each([
    [{ custom_patterns: [{ pattern: 'ok' }, { pattern: '(' }] }, /custom_patterns\[1\]\.pattern/],
    [{ custom_patterns: [{ pattern: 'a(?=b)' }] }, /look-around/],
    [{ custom_patterns: [{ pattern: '(', enabled: false }] }, /custom_patterns\[0\]\.pattern/],
    [{ custom_patterns: [{ type: 'x' }] }, /pattern/],
    [{ custom_patterns: [{ pattern: 'a', mask_strategy: 'blur' }] }, /mask_strategy/],
    [{ whitelist_patterns: ['[a-'] }, /whitelist_patterns\[0\]/],
    [{ default_mask_strategy: 'blur' }, /default_mask_strategy/],
    [{ detect_names: true }, /detect_names is no key/],
    [{ redaction_text: '' }, /redaction_text/],
  ])('is not made of %j', async (config, fault) => {
    await expect(activePlugin(piiFilter, config)).rejects.toThrow(fault);
    await expect(activePlugin(piiFilter, config)).rejects.toBeInstanceOf(PluginConfigError);
  });
});
