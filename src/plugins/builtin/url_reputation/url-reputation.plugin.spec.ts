import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { URL_REPUTATION_CASES } from './url-reputation.cases.js';
import { urlReputation } from './url-reputation.plugin.js';

const CONFIG = { blocked_domains: ['bad.example'], blocked_patterns: ['casino'] };

async function violationOf(uri: string, config: object = CONFIG) {
  const { violation } = await askPlugin(await activePlugin(urlReputation, config), 'resource_pre_fetch', {
    uri,
    metadata: {},
  });
  return violation;
}

describe('url_reputation', () => {
  it.each(URL_REPUTATION_CASES)('$title', async (row) => {
    expect(await outcomeOf(urlReputation, row)).toEqual(row.expect);
  });

  it.each([
    ['https://a.bad.example/x', { domain: 'bad.example' }],
    ['fetch://bad.example/x', { domain: 'bad.example' }],
    ['web+fetch:https%3A%2F%2Fbad.example%2Fx', { domain: 'bad.example' }],
    ['https://good.example/casino', { pattern: 'casino' }],
    ['http://good.example/', { scheme: 'http:' }],
    ['https://good.example:99999/', {}],
    ['https://%00/', {}],
  ])('reads no resource at %s', async (uri, details) => {
    expect(await violationOf(uri)).toMatchObject({ code: 'URL_REPUTATION_BLOCK', details });
  });

  it.each(['https://good.example/', 'test://echo', 'file:///etc/motd', 'note:one', 'no URL at all'])(
    'reads %s',
    async (uri) => {
      expect(await violationOf(uri)).toBeUndefined();
    },
  );

  it('finds links in errors', async () => {
    const plugin = await activePlugin(urlReputation, CONFIG);
    const error = { code: -32603, message: 'failed', data: { see: 'https://bad.example/' } };
    const { violation } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, error });
    expect(violation?.details).toEqual({ domain: 'bad.example' });
  });

  it('says nothing of the URL itself', async () => {
    expect(JSON.stringify(await violationOf('https://secret.bad.example/token'))).not.toMatch(/secret|token/);
  });

  it.each([
    [{ blocked_patterns: ['(a'] }],
    [{ blocked_patterns: ['(?=a)b'] }],
    [{ allowed_patterns: [''] }],
    [{ blocked_domains: ['not a domain'] }],
    [{ blocked_domains: ['a.example/path'] }],
    [{ whitelist_domains: 'a.example' }],
    [{ entropy_threshold: 9 }],
    [{ blocked_domain: [] }],
  ])('is not made of %j', async (config) => {
    await expect(activePlugin(urlReputation, config)).rejects.toThrow(PluginConfigError);
  });

  it.each([
    'http:'.repeat(200_000),
    'a'.repeat(1_000_000),
    'a.'.repeat(500_000),
    `http:${'/'.repeat(1_000_000)}`,
    'a:'.repeat(500_000),
  ])('reads a megabyte of anything, case %#', async (text) => {
    const plugin = await activePlugin(urlReputation, { ...CONFIG, use_heuristic_check: true });
    const { failed } = await askPlugin(plugin, 'tool_pre_invoke', { name: 'echo', args: { text }, headers: {} });
    expect(failed).toBeUndefined();
  });
});
