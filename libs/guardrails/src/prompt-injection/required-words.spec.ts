import { describe, expect, it } from 'vitest';
import { requiredWords } from './required-words.js';

describe(requiredWords, () => {
  const required = (source: string): string | undefined => {
    const found = requiredWords(source).map(({ words, reach }) => `${[...words].sort().join(' ')} within ${reach}`);
    return found.join(', ') || undefined;
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
    [String.raw`\s+(?:all|your)\s+rules`, 'rule within 2, all your within 1'],
    [String.raw`\s+your\s+rules\s+aloud`, 'rule within 2, alou within 3'],
    [String.raw`\s+rules\s+(?:or|rules)`, 'rule within 1'],
    [String.raw`\s+your\s+rules|\s+orders`, 'orde rule within 2'],
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
