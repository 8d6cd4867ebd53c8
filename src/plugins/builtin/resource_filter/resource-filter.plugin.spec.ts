import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { RESOURCE_FILTER_CASES } from './resource-filter.cases.js';
import { resourceFilter } from './resource-filter.plugin.js';

const config = {
  allowed_protocols: ['HTTPS', 'http:', 'data'],
  blocked_domains: ['Evil.example', '.bücher.example', '10.0.0.1'],
};

describe('resource_filter', () => {
  it.each(RESOURCE_FILTER_CASES)('$title', async (row) => {
    expect(await outcomeOf(resourceFilter, row)).toEqual(row.expect);
  });

  it.each([
    ['https://fine.example/', undefined],
    ['https://notevil.example/', undefined],
    ['https://evil.example.org/?u=https://evil.example', undefined],
    ['HTTPS://EVIL.example:8443/', 'DOMAIN_BLOCKED'],
    ['https://a.b.evil.example./', 'DOMAIN_BLOCKED'],
    ['https://fine.example@evil.example/', 'DOMAIN_BLOCKED'],
    [String.raw`https://evil.example\@fine.example/`, 'DOMAIN_BLOCKED'],
    ['https://%65vil.example/', 'DOMAIN_BLOCKED'],
    ['https://ｅvil.example/', 'DOMAIN_BLOCKED'],
    ['https:evil.example/', 'DOMAIN_BLOCKED'],
    ['https://xn--bcher-kva.example/', 'DOMAIN_BLOCKED'],
    ['http://167772161/', 'DOMAIN_BLOCKED'],
    ['http://0xa.0.0.1/', 'DOMAIN_BLOCKED'],
    ['ftp://fine.example/', 'PROTOCOL_BLOCKED'],
    ['file:///etc/passwd', 'PROTOCOL_BLOCKED'],
    ['data:text/plain,x', undefined],
    ['/etc/passwd', 'INVALID_URI'],
    ['https://', 'INVALID_URI'],
    ['ht\ntps://fine.example', 'INVALID_URI'],
    [`https://fine.example/${'a'.repeat(9000)}`, 'INVALID_URI'],
    ['', 'INVALID_URI'],
  ])('should judge %j before it is fetched', async (uri, code) => {
    const plugin = await activePlugin(resourceFilter, config);
    expect((await askPlugin(plugin, 'resource_pre_fetch', { uri, metadata: {} })).violation?.code).toBe(code);
  });

  it('should know the hosts of other schemes too', async () => {
    const plugin = await activePlugin(resourceFilter, { allowed_protocols: [], blocked_domains: ['evil.example'] });
    const ask = async (uri: string) =>
      (await askPlugin(plugin, 'resource_pre_fetch', { uri, metadata: {} })).violation?.code;
    expect(await ask('git+ssh://me@EVIL.example:22/x')).toBe('DOMAIN_BLOCKED');
    expect(await ask('memo://some_thing/1')).toBeUndefined();
    expect(await ask('urn:isbn:1')).toBeUndefined();
  });

  it.each([
    [{ max_content_size: 0 }, 'max_content_size'],
    [{ allowed_protocols: ['a b'] }, 'allowed_protocols'],
    [{ blocked_domains: ['https://evil.example/'] }, 'blocked_domains[0]'],
    [
      {
        content_filters: [
          { pattern: 'a', replacement: '' },
          { pattern: '(', replacement: '' },
        ],
      },
      'content_filters[1].pattern',
    ],
    [{ content_filters: [{ pattern: 'a' }] }, 'content_filters[0].replacement'],
    [{ domains: [] }, 'domains'],
  ])('is not made of %j', async (given, fault) => {
    const made = activePlugin(resourceFilter, given);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
