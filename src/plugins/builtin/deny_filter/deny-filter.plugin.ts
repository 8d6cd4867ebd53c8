import type { Detector } from '#libs/guardrails';
import type { HookHandlers } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { Plugin, type Violation } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { DenyFilterSettings } from './deny-filter.settings.js';
import { WordDetector } from './word-detector.js';

const VIOLATION = {
  reason: 'Prompt not allowed',
  description: 'A deny word was found in the prompt',
  code: 'deny',
} as const;

/** Refuses calls whose arguments hold a word of its list, anywhere and in any encoding. */
class DenyFilter extends Plugin {
  readonly hooks: HookHandlers = {
    prompt_pre_fetch: ({ args }, context) => this.#judge(args, context),
    tool_pre_invoke: ({ args }, context) => this.#judge(args, context),
  };

  constructor(private readonly words: Detector) {
    super();
  }

  #judge(args: object, context: PluginContext): { violation: Violation } | undefined {
    return context.content(args).find(this.words).length > 0 ? { violation: VIOLATION } : undefined;
  }
}

export const denyFilter: PluginDefinition<DenyFilterSettings> = {
  name: 'deny_filter',
  kinds: ['plugins.deny_filter.deny.DenyListPlugin'],
  description: 'Refuses prompts, and calls of tools, whose arguments hold a word of a list.',
  hooks: ['prompt_pre_fetch'],
  optionalHooks: ['tool_pre_invoke'],
  settings: DenyFilterSettings,
  priority: 100,
  security: true,
  create: ({ words, whole_words }) => new DenyFilter(new WordDetector(words, whole_words)),
};
