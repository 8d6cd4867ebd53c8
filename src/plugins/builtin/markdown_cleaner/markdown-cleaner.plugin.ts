import { type Block, mapBlocks, mediaTypeOf } from '../../content/map-blocks.js';
import { onOutcome } from '../../content/on-outcome.js';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { cleanMarkdown } from './clean-markdown.js';
import { MarkdownCleanerSettings } from './markdown-cleaner.settings.js';

/** What says that it is something else is no Markdown. */
const MARKDOWN: ReadonlySet<string | undefined> = new Set([
  undefined,
  'text/markdown',
  'text/x-markdown',
  'text/plain',
]);

class MarkdownCleaner extends Plugin {
  readonly hooks: HookHandlers;

  constructor(settings: MarkdownCleanerSettings) {
    super();
    const clean = (block: Block): Block => {
      const { text } = block;
      if (typeof text !== 'string' || !MARKDOWN.has(mediaTypeOf(block)) || isJson(text)) return block;
      const cleaned = cleanMarkdown(text, settings);
      return cleaned === text ? block : { ...block, text: cleaned };
    };
    const outcome = onOutcome((result) => mapBlocks(result, clean));
    this.hooks = { prompt_post_fetch: outcome, resource_post_fetch: outcome, tool_post_invoke: outcome };
  }
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const markdownCleaner: PluginDefinition<MarkdownCleanerSettings> = {
  name: 'markdown_cleaner',
  kinds: ['plugins.markdown_cleaner.markdown_cleaner.MarkdownCleanerPlugin'],
  description: 'Tidies Markdown, and takes out what hides in it.',
  hooks: ['prompt_post_fetch', 'resource_post_fetch'],
  optionalHooks: ['tool_post_invoke'],
  settings: MarkdownCleanerSettings,
  priority: 140,
  security: false,
  create: (settings) => new MarkdownCleaner(settings),
};
