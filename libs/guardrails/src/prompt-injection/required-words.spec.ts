import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { describe, expect, it } from 'vitest';
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
    const sampler = new Sampler();
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

/** Texts that a pattern may match: what looks around is written where it stands, what must not be there is left out. */
class Sampler {
  private state = 1;

  sample(source: string): string {
    return this.oneOf(new RegExpParser().parsePattern(source, 0, undefined, { unicode: false }).alternatives);
  }

  private oneOf(alternatives: readonly AST.Alternative[]): string {
    const { elements } = alternatives[this.below(alternatives.length)]!;
    return elements.map((element) => this.text(element)).join('');
  }

  private text(element: AST.Element): string {
    switch (element.type) {
      case 'Character':
        return String.fromCharCode(element.value);
      case 'CharacterSet':
        return element.kind === 'space' ? ' ' : element.kind === 'digit' ? '7' : this.pick('ab_7x');
      case 'CharacterClass':
        return element.negate ? this.pick('ab x') : this.member(element.elements);
      case 'Group':
      case 'CapturingGroup':
        return this.oneOf(element.alternatives);
      case 'Assertion':
        return 'alternatives' in element && !element.negate ? this.oneOf(element.alternatives) : '';
      case 'Quantifier': {
        const times = Math.min(element.max, element.min + this.below(4));
        return Array.from({ length: times }, () => this.text(element.element)).join('');
      }
      default:
        return '';
    }
  }

  private member(elements: readonly AST.CharacterClassElement[]): string {
    const element = elements[this.below(elements.length)]!;
    if (element.type === 'CharacterClassRange')
      return String.fromCharCode(element.min.value + this.below(element.max.value - element.min.value + 1));
    return element.type === 'Character' || element.type === 'CharacterSet' ? this.text(element) : '';
  }

  private pick(letters: string): string {
    return letters.charAt(this.below(letters.length));
  }

  /** The same row at every run. */
  private below(count: number): number {
    this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) >>> 0;
    return (this.state >>> 16) % count;
  }
}
