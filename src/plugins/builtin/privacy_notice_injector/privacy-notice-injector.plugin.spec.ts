import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { PRIVACY_NOTICE_INJECTOR_CASES } from './privacy-notice-injector.cases.js';
import { privacyNoticeInjector } from './privacy-notice-injector.plugin.js';

describe('privacy_notice_injector', () => {
  it.each(PRIVACY_NOTICE_INJECTOR_CASES)('$title', async (row) => {
    expect(await outcomeOf(privacyNoticeInjector, row)).toEqual(row.expect);
  });

  it('should leave errors alone', async () => {
    const plugin = await activePlugin(privacyNoticeInjector);
    const given = { promptId: 'p', result: {}, error: { code: -32602, message: 'no such prompt' } };
    expect((await askPlugin(plugin, 'prompt_post_fetch', given)).payload).toBe(given);
  });

  it.each([[{ placement: 'above' }], [{ notice_text: '' }], [{ notice: 'x' }]])('is not made of %j', async (config) => {
    await expect(activePlugin(privacyNoticeInjector, config)).rejects.toThrow(PluginConfigError);
  });
});
