import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { HEADER_INJECTOR_CASES } from './header-injector.cases.js';
import { headerInjector } from './header-injector.plugin.js';

const headers = { 'X-Tenant': 'a' };

describe('header_injector', () => {
  it.each(HEADER_INJECTOR_CASES)('$title', async (row) => {
    expect(await outcomeOf(headerInjector, row)).toEqual(row.expect);
  });

  it('should add to what others set, in lower case', async () => {
    const plugin = await activePlugin(headerInjector, { headers });
    const metadata = { a: 1, headers: { 'x-other': 'b', 'x-tenant': 'c' } };
    const { payload } = await askPlugin(plugin, 'resource_pre_fetch', { uri: 'test://a', metadata });
    expect(payload.metadata).toEqual({ a: 1, headers: { 'x-other': 'b', 'x-tenant': 'a' } });
    expect(metadata.headers['x-tenant']).toBe('c');
  });

  it.each([
    ['https://api.example.com', 'https://api.example.com/a', true],
    ['https://api.example.com', 'https://api.example.com', true],
    ['https://api.example.com', 'https://api.example.com.evil.example/', false],
    ['https://api.example.com', 'https://api.example.com@evil.example/', false],
    ['https://api.example.com/v1', 'https://api.example.com/v10', false],
    ['https://', 'https://api.example.com', true],
    ['memo:', 'memo:1', true],
    ['memo:', 'other:1', false],
  ])('should hold a prefix of %s to %s: %s', async (prefix, uri, concerned) => {
    const plugin = await activePlugin(headerInjector, { headers, uri_prefixes: [prefix] });
    const { payload } = await askPlugin(plugin, 'resource_pre_fetch', { uri, metadata: {} });
    expect('headers' in payload.metadata).toBe(concerned);
  });

  it('should add to the headers of tools, unless URIs are meant', async () => {
    const call = { name: 'echo', args: {}, headers: { 'x-other': 'b' } };
    const all = await activePlugin(headerInjector, { headers });
    expect((await askPlugin(all, 'tool_pre_invoke', call)).payload.headers).toEqual({
      'x-other': 'b',
      'x-tenant': 'a',
    });
    const some = await activePlugin(headerInjector, { headers, uri_prefixes: ['https://'] });
    expect((await askPlugin(some, 'tool_pre_invoke', call)).payload).toBe(call);
  });

  it.each([
    [{}, 'headers'],
    [{ headers: { 'X A': 'b' } }, 'headers.X A'],
    [{ headers: { Host: 'b' } }, 'headers.Host belongs to the connection'],
    [{ headers: { 'Mcp-Session-Id': 'b' } }, 'headers.Mcp-Session-Id belongs'],
    [{ headers: { 'x-a': 'b\r\nx-c: d' } }, 'headers.x-a must be a text'],
    [{ headers: { 'x-a': 1 } }, 'headers.x-a must be a text'],
    [{ headers, uri_prefixes: [''] }, 'uri_prefixes'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(headerInjector, config);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
