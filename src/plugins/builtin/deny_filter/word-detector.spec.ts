import { describe, expect, it } from 'vitest';
import { WordDetector } from './word-detector.js';

const found = (words: readonly string[], text: string, whole = false): string[] =>
  new WordDetector(words, whole).find(text).map(({ start, end }) => text.slice(start, end));

describe(WordDetector, () => {
  it.each<[string, string[], string, string[]]>([
    ['signs of patterns', ['top-secret', 'a.b', 'C++'], 'Top-Secret a.b axb c++', ['Top-Secret', 'a.b', 'c++']],
    ['the longest that ends at a place', ['cret', 'secret', 'seek'], 'a secret', ['secret']],
    ['what begins within another', ['abcd', 'bce'], 'abce', ['bce']],
    ['other scripts', ['ΟΔΟΣ', 'тайна'], 'οδοσ, Οδος: ТАЙНА', ['οδοσ', 'Οδος', 'ТАЙНА']],
    ['letters that are longer in lower case', ['x'], 'İİx', ['x']],
  ])('finds %s', (_, words, text, expected) => {
    expect(found(words, text)).toEqual(expected);
  });

  it('finds whole words alone where they are meant', () => {
    expect(found(['foo', '-foo'], 'xfoo foo_ foo1 𝐱foo a-foo', true)).toEqual(['foo', 'foo']);
    expect(found(['ab', '𐐀b'], '𐐀b ab𐐀 𐐀ab', true)).toEqual(['𐐀b']);
  });

  it('does not try ten thousand words that begin alike one after another', () => {
    const words = Array.from({ length: 10_000 }, (_, index) => `${'a'.repeat(20)}${index}`);
    // That would be a million million characters to compare.
    expect(found(words, 'a'.repeat(5_000_000))).toEqual([]);
  });
});
