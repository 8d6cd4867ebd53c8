import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { OUTPUT_LENGTH_GUARD_CASES } from './output-length-guard.cases.js';
import { outputLengthGuard } from './output-length-guard.plugin.js';

describe('output_length_guard', () => {
  it.each(OUTPUT_LENGTH_GUARD_CASES)('$title', async (row) => {
    expect(await outcomeOf(outputLengthGuard, row)).toEqual(row.expect);
  });

  it('should say how long it was and how long it may be', async () => {
    const plugin = await activePlugin(outputLengthGuard, { max_chars: 5, strategy: 'block' });
    const result = { content: [{ type: 'text', text: 'too long' }] };
    const { violation } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result });
    expect(violation).toMatchObject({
      details: { length: 8, min: 0, max: 5, strategy: 'block' },
      mcpErrorCode: -32000,
      httpStatus: 422,
    });
  });

  it('should cut errors too', async () => {
    const plugin = await activePlugin(outputLengthGuard, { max_chars: 5 });
    const error = { code: 1, message: 'too long', data: { a: ['too long'] } };
    const { payload } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, error });
    expect(payload.error).toEqual({ code: 1, message: 'too …', data: { a: ['too …'] } });
  });

  it.each([
    [{ max_chars: -1 }],
    [{ max_chars: '10' }],
    [{ strategy: 'drop' }],
    [{ limit_mode: 'word' }],
    [{ chars_per_token: 0 }],
    [{ max: 1 }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(outputLengthGuard, config)).rejects.toThrow(PluginConfigError);
  });
});
