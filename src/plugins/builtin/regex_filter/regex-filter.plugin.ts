import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { onArguments, onOutcome } from '../../content/on-outcome.js';
import { Replacements } from '../../content/replacements.js';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { RegexFilterSettings } from './regex-filter.settings.js';

/** Replaces what the patterns of its list match, wherever it stands. */
class RegexFilter extends Plugin {
  readonly hooks: HookHandlers;

  constructor(replacements: Replacements) {
    super();
    const args = onArguments((value, context) => replacements.in(context.content(value), 'arguments'));
    const outcome = onOutcome((value, context) => replacements.in(context.content(value), 'result'));
    this.hooks = {
      prompt_pre_fetch: args,
      prompt_post_fetch: outcome,
      tool_pre_invoke: args,
      tool_post_invoke: outcome,
      resource_post_fetch: outcome,
      stream_message: (payload, context) => {
        const body = replacements.in(context.content(payload.body), 'result');
        return body === payload.body ? undefined : { payload: { ...payload, body } };
      },
    };
  }
}

export const regexFilter: PluginDefinition<RegexFilterSettings> = {
  name: 'regex_filter',
  kinds: ['plugins.regex_filter.search_replace.SearchReplacePlugin'],
  description: 'Replaces what regular expressions match in arguments, results and prompts.',
  hooks: ['prompt_pre_fetch', 'prompt_post_fetch', 'tool_pre_invoke', 'tool_post_invoke'],
  optionalHooks: ['resource_post_fetch', 'stream_message'],
  settings: RegexFilterSettings,
  priority: 150,
  security: true,
  create: ({ words }) =>
    new RegexFilter(
      new Replacements(
        configuredList(words, ({ search, replace }, index) => ({
          pattern: configuredPattern(search, `words[${index}].search`),
          replacement: replace,
        })),
      ),
    ),
};
