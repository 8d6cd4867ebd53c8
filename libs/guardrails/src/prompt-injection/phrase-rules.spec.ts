import { RegExpParser } from '@eslint-community/regexpp';
import { describe, expect, it } from 'vitest';
import { PatternSampler } from '../../../../test/fixtures/pattern-sampler.js';
import { CAPABILITY_RULES } from '../tool-poisoning/rules/capability.rules.js';
import { INSTRUCTION_RULES } from '../tool-poisoning/rules/instruction.rules.js';
import { PARAMETER_RULES } from '../tool-poisoning/rules/parameter.rules.js';
import { family, PhraseRules } from './phrase-rules.js';
import { GOAL_RULES } from './rules/goals.rules.js';
import { JAILBREAK_RULES } from './rules/jailbreak.rules.js';
import { LANGUAGE_RULES } from './rules/languages.rules.js';
import { MARKUP_RULES } from './rules/markup.rules.js';
import { OVERRIDE_RULES } from './rules/override.rules.js';
import { SECRET_RULES } from './rules/secrets.rules.js';
import { STEERING_RULES } from './rules/steering.rules.js';
import { VIRTUALISATION_RULES } from './rules/virtualisation.rules.js';

const ANYWHERE = { after: undefined, before: undefined, beyond: undefined };

describe('what the table knows of rules', () => {
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
    const scan = new PhraseRules([rule]);
    const unconditional = new PhraseRules([{ ...rule, requires: [], neighbours: ANYWHERE, isFirst: false }]);
    const sources = [rule.pattern.source, behindFirst(rule.pattern.source)];
    for (let round = 0; round < 800; round++) {
      const text = sampler.sample(sources[round % 2]!);
      const hits = hitsOf(unconditional, text);
      expect(hitsOf(scan, text), text).toEqual(hits);
      if (hits.length > 0) met.add(rule);
    }
  });

  it('is asked of texts that match', () => {
    expect(met.size / rules.length).toBeGreaterThan(0.9);
  });
});

it('finds every phrase of a text that is nothing else, in order', () => {
  const phrase = 'ignore this. ';
  const rules = new PhraseRules(family('override', [['ignore', 1, 'ignore', String.raw`\s+this`]]));
  expect(hitsOf(rules, phrase.repeat(5000))).toEqual(Array.from({ length: 5000 }, (_, at) => at * phrase.length));
});

function hitsOf(rules: PhraseRules, text: string): number[] {
  const hits: number[] = [];
  rules.scan(text, ({ start }) => hits.push(start));
  return hits;
}

/** The pattern with what its look-behind asks written before the word, where it stands in a match. */
function behindFirst(source: string): string {
  const { elements } = new RegExpParser().parsePattern(source, 0, undefined, { unicode: false }).alternatives[0]!;
  const [words, rest] = elements;
  const behind = rest?.type === 'Group' ? rest.alternatives[0]!.elements[0] : undefined;
  if (behind?.type !== 'Assertion' || behind.kind !== 'lookbehind' || behind.negate) return source;
  const before = behind.alternatives.map((one) => one.raw.slice(0, -(one.elements.at(-1)?.raw.length ?? 0)));
  return `(?:${before.join('|')})${words!.raw}${rest!.raw.replace(behind.raw, '')}`;
}
