import type { Detector, Finding, Pattern } from '#libs/guardrails';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { PluginConfigError } from '../../plugin-definition.js';

const MOST_CATEGORIES = 50;
const MOST_PATTERNS = 200;

/** Categories that the configuration describes by regular expressions. */
export class CategoryPatterns implements Detector {
  readonly #patterns: readonly { readonly type: string; readonly rule: string; readonly pattern: Pattern }[];

  /** @throws PluginConfigError */
  constructor(categories: Readonly<Record<string, unknown>>) {
    if (Object.keys(categories).length > MOST_CATEGORIES)
      throw new PluginConfigError([`categories has more than ${MOST_CATEGORIES} members`]);
    const listed = configuredList(Object.entries(categories), ([type, patterns]) => {
      const at = `categories.${type}`;
      if (!isList(patterns)) throw new PluginConfigError([`${at} must be a list of at most ${MOST_PATTERNS} texts`]);
      return configuredList(patterns, (source, index) => {
        const rule = `${at}[${index}]`;
        return { type, rule, pattern: configuredPattern(source, rule, ['i']) };
      });
    });
    this.#patterns = listed.flat();
  }

  find(text: string): readonly Finding[] {
    return this.#patterns.flatMap(({ type, rule, pattern }) =>
      pattern.spans(text).map((span) => ({ ...span, type, rule, score: 1 })),
    );
  }
}

const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MOST_PATTERNS && value.every((item) => typeof item === 'string');
