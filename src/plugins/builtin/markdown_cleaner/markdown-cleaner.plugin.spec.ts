import { describe, expect, it } from 'vitest';
import { activePlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { cleanMarkdown } from './clean-markdown.js';
import { MARKDOWN_CLEANER_CASES } from './markdown-cleaner.cases.js';
import { markdownCleaner } from './markdown-cleaner.plugin.js';
import { MarkdownCleanerSettings } from './markdown-cleaner.settings.js';

const settings = new MarkdownCleanerSettings();

describe('markdown_cleaner', () => {
  it.each(MARKDOWN_CLEANER_CASES)('$title', async (row) => {
    expect(await outcomeOf(markdownCleaner, row)).toEqual(row.expect);
  });

  it.each(['#a\r\n\r\n\r\n\r\n* b <!-- c -->', '![a](http://b)\n```\n```\n\n\n+ c', '<!--<!---->-->x'])(
    'should leave what it cleaned: %j',
    (markdown) => {
      const once = cleanMarkdown(markdown, settings);
      expect(cleanMarkdown(once, settings)).toBe(once);
    },
  );

  it.each([
    '![',
    '<!--',
    '<span style="',
    '<span hidden>',
    '```\n',
    '\n\n\n',
    '* ',
    '#',
    '[//]: ',
    '<img src=',
    '\u200D',
  ])('should come to an end with much of %j', (piece) => {
    const once = cleanMarkdown(piece.repeat(300_000 / piece.length), settings);
    expect(cleanMarkdown(once, settings)).toBe(once);
  });

  it.each([
    ['![![a](https://b.example/c.png)', '![[a](https://b.example/c.png)'],
    ['![![a](//b.example/c)](//d.example/e)', '[[a](//b.example/c)](//d.example/e)'],
    ['![a [b] c](//d.example/e)', '[a [b] c](//d.example/e)'],
    [String.raw`![a \[ b](//d.example/e)`, String.raw`[a \[ b](//d.example/e)`],
    ['![a\nb](//d.example/e)', '[a\nb](//d.example/e)'],
    ['![a](b.png) [c](//d.example/e)', '![a](b.png) [c](//d.example/e)'],
    ['a <img <img src=//b.example/c> d', 'a  d'],
  ])('should make links of the remote images of %j, and of nothing else', (markdown, cleaned) => {
    expect(cleanMarkdown(markdown, settings)).toBe(cleaned);
  });

  it.each([[{ strip_remote_images: 'no' }], [{ strip: true }]])('is not made of %j', async (config) => {
    await expect(activePlugin(markdownCleaner, config)).rejects.toThrow(PluginConfigError);
  });
});
