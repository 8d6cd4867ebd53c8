import type { ContentText, Pattern } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { onArguments } from '../../content/on-outcome.js';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { ArgumentNormalizerSettings, type Normalization } from './argument-normalizer.settings.js';
import { normalizeText } from './normalize-text.js';

interface FieldRules {
  readonly pattern: Pattern;
  readonly rules: Partial<Normalization>;
}

class ArgumentNormalizer extends Plugin {
  readonly hooks: HookHandlers;

  constructor(
    private readonly rules: Normalization,
    private readonly fields: readonly FieldRules[],
  ) {
    super();
    const args = onArguments(
      (value, context) => context.content(value).map((text, at) => this.#normal(text, at)).value as JsonObject,
    );
    this.hooks = { prompt_pre_fetch: args, tool_pre_invoke: args };
  }

  #normal(text: string, at: ContentText): string {
    return at.kind === 'key' ? text : normalizeText(text, this.#rulesAt(at));
  }

  #rulesAt(at: ContentText): Normalization {
    if (this.fields.length === 0) return this.rules;
    const path = pathOf(at);
    return this.fields.reduce(
      (rules, { pattern, rules: own }) => (pattern.test(path) ? { ...rules, ...own } : rules),
      this.rules,
    );
  }
}

/** `items[0].title` */
const pathOf = ({ path }: ContentText): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');

export const argumentNormalizer: PluginDefinition<ArgumentNormalizerSettings> = {
  name: 'argument_normalizer',
  kinds: ['plugins.argument_normalizer.argument_normalizer.ArgumentNormalizerPlugin'],
  description: 'Writes the Unicode, spaces, case, dates and numbers of arguments in one way.',
  hooks: ['prompt_pre_fetch', 'tool_pre_invoke'],
  settings: ArgumentNormalizerSettings,
  priority: 40,
  security: false,
  create: ({ field_overrides, ...rules }) =>
    new ArgumentNormalizer(
      rules,
      configuredList(field_overrides, ({ pattern, ...own }, index) => ({
        pattern: configuredPattern(pattern, `field_overrides[${index}].pattern`),
        rules: Object.fromEntries(
          Object.entries(own).filter(([, value]) => value !== undefined),
        ) as Partial<Normalization>,
      })),
    ),
};
