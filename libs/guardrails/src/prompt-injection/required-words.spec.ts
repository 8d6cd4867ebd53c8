import { describe, expect, it } from 'vitest';
import { PatternSampler } from '../../../../test/fixtures/pattern-sampler.js';
import { CAPABILITY_RULES } from '../tool-poisoning/rules/capability.rules.js';
import { INSTRUCTION_RULES } from '../tool-poisoning/rules/instruction.rules.js';
import { PARAMETER_RULES } from '../tool-poisoning/rules/parameter.rules.js';
import { PhraseRules } from './phrase-rules.js';
import { requiredWords } from './required-words.js';
import { GOAL_RULES } from './rules/goals.rules.js';
import { JAILBREAK_RULES } from './rules/jailbreak.rules.js';
import { LANGUAGE_RULES } from './rules/languages.rules.js';
import { MARKUP_RULES } from './rules/markup.rules.js';
import { OVERRIDE_RULES } from './rules/override.rules.js';
import { SECRET_RULES } from './rules/secrets.rules.js';
import { STEERING_RULES } from './rules/steering.rules.js';
import { VIRTUALISATION_RULES } from './rules/virtualisation.rules.js';

describe(requiredWords, () => {
  const required = (source: string): string | undefined => {
    const found = requiredWords(source);
    return found && `${[...found.words].sort().join(' ')} within ${found.reach}`;
  };

  it.each([
    [String.raw`\s+rules\b`, 'rule within 1'],
    [String.raw`\s+(?:the\s+|your\s+)?rules`, 'rule within 2'],
    [String.raw`\s+(?:\w+\s+){0,3}(?:rules|orders?)`, 'orde rule within 4'],
    [String.raw`[^.!?\n]{0,40}\bverbatim`, 'verb within 21'],
    [String.raw`(?:\s+now|,\s+please)\b`, 'now plea within 1'],
    [String.raw`(?=[^.]{0,9}\bsecret)(?!.*public).{0,9}`, 'secr within 5'],
    [String.raw`[\s_-]+mode`, 'mode within 1'],
    [String.raw`\s+summari[sz]e`, 'summ within 1'],
    [String.raw`\s+(?:s|z)o\b`, 'so zo within 1'],
    [String.raw`(?:\s+of){0,3}\s+rules`, 'rule within 4'],
    [String.raw`(?:\s+of)*\s+rules`, 'rule within Infinity'],
  ])('reads off %s that a match has one of %s', (source, words) => {
    expect(required(source)).toBe(words);
  });

  it.each([
    String.raw`\b`,
    String.raw`\s+\w+`,
    String.raw`[^.\n]{0,40}rules`,
    String.raw`\s+(?:rules)?`,
    String.raw`\s+(?:rules|\d+)`,
    String.raw`\s+no`,
    String.raw`(?!\s+rules)`,
    String.raw`(?<=\brules\s)`,
    String.raw`\s+指示`,
  ])('says nothing of %s', (source) => {
    expect(required(source)).toBeUndefined();
  });
});

describe('what rules require', () => {
  const rules = [
    GOAL_RULES,
    JAILBREAK_RULES,
    LANGUAGE_RULES,
    MARKUP_RULES,
    OVERRIDE_RULES,
    SECRET_RULES,
    STEERING_RULES,
    VIRTUALISATION_RULES,
    CAPABILITY_RULES,
    INSTRUCTION_RULES,
    PARAMETER_RULES,
  ].flat();

  const met = new Set<unknown>();

  it.each(rules.map((rule) => [rule.rule, rule] as const))('hides no match of %s', (_, rule) => {
    const sampler = new PatternSampler();
    const [scan, unconditional] = [new PhraseRules([rule]), new PhraseRules([{ ...rule, requires: undefined }])];
    for (let round = 0; round < 400; round++) {
      const text = sampler.sample(rule.pattern.source);
      const hits = hitsOf(unconditional, text);
      expect(hitsOf(scan, text), text).toEqual(hits);
      if (hits.length > 0) met.add(rule);
    }
  });

  it('is asked of texts that match', () => {
    expect(met.size / rules.length).toBeGreaterThan(0.8);
  });
});

function hitsOf(rules: PhraseRules, text: string): number[] {
  const hits: number[] = [];
  rules.scan(text, ({ start }) => hits.push(start));
  return hits;
}
