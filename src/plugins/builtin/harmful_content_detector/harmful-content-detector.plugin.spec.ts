import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { HARMFUL_CONTENT_DETECTOR_CASES } from './harmful-content-detector.cases.js';
import { harmfulContentDetector } from './harmful-content-detector.plugin.js';

describe('harmful_content_detector', () => {
  it.each(HARMFUL_CONTENT_DETECTOR_CASES)('$title', async (row) => {
    expect(await outcomeOf(harmfulContentDetector, row)).toEqual(row.expect);
  });

  it('should name the categories, and nothing of the content', async () => {
    const plugin = await activePlugin(harmfulContentDetector);
    const message = `I want to kill myself. ${'I am going to kill you. '.repeat(20)}`;
    const { violation } = await askPlugin(plugin, 'tool_post_invoke', {
      name: 'echo',
      result: {},
      error: { code: 1, message },
    });
    expect(violation).toMatchObject({
      description: 'Detected categories: self_harm, violence',
      details: { categories: ['self_harm', 'violence'] },
    });
    expect(violation?.details?.['findings']).toHaveLength(5);
    expect(JSON.stringify(violation)).not.toContain('myself');
  });

  it('should take it out of an error, too', async () => {
    const plugin = await activePlugin(harmfulContentDetector, { block_on: [], redact: true, redaction_text: '…' });
    const error = { code: 1, message: 'he said: I am going to kill you' };
    const { payload } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result: {}, error });
    expect(payload.error).toEqual({ code: 1, message: 'he said: …' });
  });

  it.each([
    [{ categories: { a: ['ok', '('] } }, 'categories.a[1]'],
    [{ categories: { a: 'x' } }, 'categories.a must be a list'],
    [{ block_on: ['violense'] }, 'block_on has violense'],
    [{ redaction: 'x' }, 'redaction'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(harmfulContentDetector, config);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
