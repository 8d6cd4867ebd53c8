import { describe, expect, it } from 'vitest';
import { HarmfulContentDetector } from './harmful-content.js';

const types = (detector: HarmfulContentDetector, text: string): string[] =>
  [...new Set(detector.find(text).map(({ type }) => type))].sort();

describe('without categories of the operator', () => {
  const detector = new HarmfulContentDetector();
  it.each([
    ['I want to kill myself', ['self_harm']],
    ['I am going to kill you', ['violence']],
    ['all muslims are vermin', ['hate']],
    ['kill the process and remove the children', []],
    ['you are an idiot and this is shit', []],
  ])('%s', (text, expected) => {
    expect(types(detector, text)).toEqual(expected);
  });
});

describe('with categories of the operator', () => {
  const detector = new HarmfulContentDetector({ weapons: [String.raw`\bcrossbows?\b`], drugs: ['poppy', '(?:po)+t'] });

  it('finds theirs, in any case, where they stand, and nothing else', () => {
    expect(detector.find('A Crossbow and popot; I want to kill myself')).toEqual([
      { type: 'weapons', rule: 'categories.weapons[0]', score: 1, start: 2, end: 10 },
      { type: 'drugs', rule: 'categories.drugs[1]', score: 1, start: 15, end: 20 },
    ]);
  });

  it('refuses what is not RE2, by name', () => {
    expect(() => new HarmfulContentDetector({ a: ['ok', '(?=x)'] })).toThrow(/^categories\.a\[1\]: /);
  });
});
