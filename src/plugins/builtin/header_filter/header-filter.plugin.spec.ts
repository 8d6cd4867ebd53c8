import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { HEADER_FILTER_CASES } from './header-filter.cases.js';
import { headerFilter } from './header-filter.plugin.js';

const filtered = async (headers: Record<string, string>, config: object = {}): Promise<unknown> => {
  const plugin = await activePlugin(headerFilter, config);
  return (await askPlugin(plugin, 'tool_pre_invoke', { name: 'echo', args: {}, headers })).payload.headers;
};

describe('header_filter', () => {
  it.each(HEADER_FILTER_CASES)('$title', async (row) => {
    expect(await outcomeOf(headerFilter, row)).toEqual(row.expect);
  });

  it('should take out those of its list, whatever their case', async () => {
    expect(await filtered({ 'x-api-key': 'a', 'X-Vault-Tokens': 'b', 'x-trace': 'c' })).toEqual({ 'x-trace': 'c' });
    expect(await filtered({ 'x-api-key': 'a', 'x-trace': 'c' }, { filter_headers: ['X-Trace'] })).toEqual({
      'x-api-key': 'a',
    });
  });

  it('should let those through that are allowed', async () => {
    expect(await filtered({ cookie: 'a', 'x-api-key': 'b' }, { allow_passthrough_headers: ['X-API-KEY'] })).toEqual({
      'x-api-key': 'b',
    });
  });

  it('should serve agents alike', async () => {
    const plugin = await activePlugin(headerFilter);
    const payload = { agentId: 'a', messages: [], parameters: {}, headers: { cookie: 'a', 'x-trace': 'b' } };
    expect((await askPlugin(plugin, 'agent_pre_invoke', payload)).payload.headers).toEqual({ 'x-trace': 'b' });
  });

  it.each([
    [{ filter_headers: ['a b'] }],
    [{ filter_headers: 'cookie' }],
    [{ allow_passthrough_headers: [''] }],
    [{ headers: [] }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(headerFilter, config)).rejects.toThrow(PluginConfigError);
  });
});
