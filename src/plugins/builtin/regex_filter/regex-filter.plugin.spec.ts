import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { REGEX_FILTER_CASES } from './regex-filter.cases.js';
import { regexFilter } from './regex-filter.plugin.js';

const rule = (search: string, replace = ''): object => ({ words: [{ search, replace }] });

describe('regex_filter', () => {
  it.each(REGEX_FILTER_CASES)('$title', async (row) => {
    expect(await outcomeOf(regexFilter, row)).toEqual(row.expect);
  });

  it('should leave the given payload as it was', async () => {
    const plugin = await activePlugin(regexFilter, rule('a', 'b'));
    const payload = { name: 'echo', args: { x: ['a'] }, headers: {} };
    const { payload: made } = await askPlugin(plugin, 'tool_pre_invoke', payload);
    expect(made.args).toEqual({ x: ['b'] });
    expect(payload.args).toEqual({ x: ['a'] });
  });

  it('should reach errors and messages on the way', async () => {
    const plugin = await activePlugin(regexFilter, rule('secret', '***'));
    const error = { code: -32603, message: 'a secret', data: { type: 'secret' } };
    const after = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, error });
    expect(after.payload.error).toEqual({ code: -32603, message: 'a ***', data: { type: '***' } });
    const message = { direction: 'to_client', method: 'notifications/message', body: { data: 'secret' } } as const;
    expect((await askPlugin(plugin, 'stream_message', message)).payload.body).toEqual({ data: '***' });
  });

  it('should replace however often something occurs', async () => {
    const plugin = await activePlugin(regexFilter, rule(String.raw`\s`, '_'));
    const args = { a: ' '.repeat(50_000) };
    const { payload } = await askPlugin(plugin, 'tool_pre_invoke', { name: 'echo', args, headers: {} });
    expect(payload.args).toEqual({ a: '_'.repeat(50_000) });
  });

  it.each([
    [{}, 'config.words'],
    [rule(''), 'config.words[0].search'],
    [
      {
        words: [
          { search: 'a', replace: 'b' },
          { search: '(', replace: '' },
        ],
      },
      'words[1].search',
    ],
    [rule('(?=a)b'), 'look-around'],
    [rule('a'.repeat(2001)), 'config.words[0].search'],
    [{ words: [{ search: 'a' }] }, 'config.words[0].replace'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(regexFilter, config);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
