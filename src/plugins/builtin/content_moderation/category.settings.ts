import { CATEGORY_THRESHOLDS, type Category, type Pattern } from '#libs/guardrails';
import { ArrayMaxSize, IsArray, IsIn, IsNumber, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { validated } from '../../config/validated.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { ACTIONS, type ModerationAction } from './content-moderation.settings.js';

class CategorySettings {
  @IsOptional() @IsNumber() @Min(0) @Max(1) threshold?: number;
  @IsOptional() @IsIn(ACTIONS) action?: ModerationAction;
  /** Without effect: every category is judged by whoever answers. */
  @IsOptional() @IsArray() @ArrayMaxSize(20) @IsString({ each: true }) providers?: string[];
  /** Regular expressions (RE2, in any case); a text that has one is of the category. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 2000, { each: true })
  custom_patterns?: string[];
}

/** From which score something is done about a category, and what. */
export interface CategoryRule {
  readonly category: Category;
  readonly threshold: number;
  readonly action: ModerationAction;
  readonly patterns: readonly Pattern[];
}

const DEFAULT_ACTIONS: Readonly<Record<Category, ModerationAction>> = {
  hate: 'block',
  violence: 'block',
  sexual: 'warn',
  self_harm: 'block',
  harassment: 'warn',
  spam: 'warn',
  profanity: 'redact',
  toxic: 'warn',
};

const isCategory = (name: string): name is Category => Object.hasOwn(CATEGORY_THRESHOLDS, name);

/** @throws PluginConfigError */
export function categoryRules(given: Readonly<Record<string, unknown>> | null): readonly CategoryRule[] {
  const categories = given ?? Object.fromEntries(Object.keys(CATEGORY_THRESHOLDS).map((name) => [name, {}]));
  return configuredList(Object.entries(categories), ([category, value]) => {
    const at = `categories.${category}`;
    if (!isCategory(category))
      throw new PluginConfigError([`${at} is none of ${Object.keys(CATEGORY_THRESHOLDS).join(', ')}`]);
    const { threshold, action, custom_patterns = [] } = validated(CategorySettings, value, at);
    return {
      category,
      threshold: threshold ?? CATEGORY_THRESHOLDS[category],
      action: action ?? DEFAULT_ACTIONS[category],
      patterns: configuredList(custom_patterns, (source, index) =>
        configuredPattern(source, `${at}.custom_patterns[${index}]`, ['i']),
      ),
    };
  });
}
